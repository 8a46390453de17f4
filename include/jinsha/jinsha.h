/* Jinsha: the C interface of the library. C99.
 *
 * Objects are opaque and owned by whoever created them; every *_free accepts NULL. Strings given by
 * the library are UTF-8 and belong to the object they came from unless a comment says otherwise.
 * Structs that cross this border begin with `size`: the caller sets it to sizeof the struct it was
 * compiled with, so that fields can be added at the end. No function throws, changes signal handlers
 * or the locale, reads standard input (unless an input is "-") or writes to standard output or error
 * (unless an output is "-").
 *
 * Thread safety: different objects may be used from different threads at once. One object is used
 * by one thread at a time, except where a function says "any thread".
 */
#ifndef JINSHA_JINSHA_H
#define JINSHA_JINSHA_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define JINSHA_API __attribute__((visibility("default")))
#else
#define JINSHA_API
#endif

/* Kinds of failure. jinsha_exit_status() maps them to the program's exit statuses. */
typedef enum jinsha_code {
  JINSHA_OK = 0,
  JINSHA_USAGE = 1,        /* the request is wrong: unknown option, value out of range */
  JINSHA_INPUT = 2,        /* the input cannot be used */
  JINSHA_NOT_POSSIBLE = 3, /* not here: encoder, level, memory, disk space */
  JINSHA_OUTPUT = 4,       /* writing failed */
  JINSHA_REJECTED = 5,     /* the judge rejected the output */
  JINSHA_LOSSES = 6,       /* done, with losses, under strict */
  JINSHA_INTERRUPTED = 7,  /* cancelled */
  JINSHA_INTERNAL = 8      /* a fault of the library */
} jinsha_code;

typedef struct jinsha_error jinsha_error;

/* Never NULL for an error object. */
JINSHA_API jinsha_code jinsha_error_code(const jinsha_error* error);
JINSHA_API const char* jinsha_error_message(const jinsha_error* error);
JINSHA_API void jinsha_error_free(jinsha_error* error);
/* 0 done, 2 usage, 3 input, 4 not possible here, 5 output, 6 rejected, 7 losses, 130 interrupted, 70 internal. */
JINSHA_API int jinsha_exit_status(jinsha_code code);

/* "0.1.0", and the libraries used: "Jinsha 0.1.0, libavcodec 59.37.100, x265 3.5, ...". Static. */
JINSHA_API const char* jinsha_version(void);
JINSHA_API const char* jinsha_build_info(void);

/* A string of the library's that the caller must free. */
JINSHA_API void jinsha_string_free(char* string);

/* The option table. Keys are what jinsha_job_set() takes. Static. */
typedef struct jinsha_option {
  size_t size;
  const char* key;          /* "mux.muxrate" */
  const char* flag;         /* "--mux.muxrate" */
  const char* short_flag;   /* "-o", or "" */
  const char* group;        /* heading in help texts */
  const char* value;        /* placeholder, "" for an option without value */
  const char* default_text; /* in words, may be "" */
  const char* help;
  int repeatable;
  const char* choices; /* words it takes, separated by spaces; "" when it takes other things only */
} jinsha_option;
JINSHA_API size_t jinsha_option_count(void);
/* 0 when index is out of range. */
JINSHA_API int jinsha_option_at(size_t index, jinsha_option* option);

/* ---- jobs ---- */

typedef struct jinsha_job jinsha_job;

typedef enum jinsha_log_level {
  JINSHA_LOG_DEBUG,
  JINSHA_LOG_INFO,
  JINSHA_LOG_WARNING,
  JINSHA_LOG_ERROR
} jinsha_log_level;
/* Called from any thread of the job, one call at a time. Must not call into the same job. */
typedef void (*jinsha_log_callback)(void* user, jinsha_log_level level, const char* message);

/* NULL only when memory is exhausted. */
JINSHA_API jinsha_job* jinsha_job_new(void);
/* Cancels and waits when the job is running. No other thread may be inside a call with this job: jinsha_job_cancel()
 * wakes those that push or pull. */
JINSHA_API void jinsha_job_free(jinsha_job* job);

/* Sets one option by key ("mux.service_name") or flag name ("mux.service-name"), value as text
 * ("" for options without value). Before jinsha_job_plan(). On failure *error (where error is not
 * NULL) receives an object to free. */
JINSHA_API jinsha_code jinsha_job_set(jinsha_job* job, const char* key, const char* value, jinsha_error** error);
/* Reads a job document, .toml or .json: its keys are those of the option table. One for each job, at any time before
 * jinsha_job_plan(): what jinsha_job_set() sets wins over the document, and both win over a preset. */
JINSHA_API jinsha_code jinsha_job_load_file(jinsha_job* job, const char* file, jinsha_error** error);
/* The text of the value that stands for `key`: the last one set, else the document's, else the preset's. NULL when the
 * default stands. Belongs to the job, until the next call. */
JINSHA_API const char* jinsha_job_get(jinsha_job* job, const char* key);
JINSHA_API void jinsha_job_on_log(jinsha_job* job, jinsha_log_callback callback, void* user);

/* ---- other ways in and out than files; each before jinsha_job_plan() ---- */

/* Where a job reads from instead of the option "input". The functions and `user` outlive the job; they are called by
 * one thread at a time, first the one that plans, then one of the job's. Their bytes are those of any file the job
 * could be given. */
typedef struct jinsha_reader {
  size_t size;
  const char* name; /* for messages and the report; NULL: "input" */
  void* user;
  /* Puts at most `count` bytes at `to` and returns how many; 0 at the end, negative when reading failed. May block. */
  int64_t (*read)(void* user, uint8_t* to, size_t count);
  /* Goes on at this byte: 0, or nonzero when it cannot. NULL: the bytes come once, in order, as through a pipe. */
  int (*seek)(void* user, uint64_t position);
  uint64_t length; /* bytes of everything; with `seek` only */
} jinsha_reader;
JINSHA_API jinsha_code jinsha_job_set_reader(jinsha_job* job, const jinsha_reader* reader, jinsha_error** error);

/* Where a job writes to instead of the option "output", which format says the option "format". `write` is called in
 * order, by one thread of the job, and returns 0, or nonzero to end the job with JINSHA_OUTPUT. The judge sees the
 * bytes as they leave: what it says is the outcome of jinsha_job_wait(). */
typedef struct jinsha_writer {
  size_t size;
  void* user;
  int (*write)(void* user, const uint8_t* bytes, size_t count);
} jinsha_writer;
JINSHA_API jinsha_code jinsha_job_set_writer(jinsha_job* job, const jinsha_writer* writer, jinsha_error** error);

/* The job takes pictures from jinsha_job_push_frame(). The option "input_format" says of which kind, options like
 * "input_color" what their colours mean. */
JINSHA_API jinsha_code jinsha_job_push_frames(jinsha_job* job, jinsha_error** error);
/* Hands one picture over, after jinsha_job_start(): `planes` in FFmpeg's order for the format, row y of plane i at
 * planes[i] + y * strides[i]. Copies it and returns; waits while the job is busy with those before. From one thread.
 * JINSHA_INTERRUPTED when the job has ended: jinsha_job_wait() says how. */
JINSHA_API jinsha_code jinsha_job_push_frame(jinsha_job* job, const uint8_t* const* planes, const size_t* strides,
                                             size_t plane_count, jinsha_error** error);
/* No more pictures will come. Any thread. */
JINSHA_API jinsha_code jinsha_job_push_end(jinsha_job* job, jinsha_error** error);

/* The job gives its packets to jinsha_job_pull_packet() and writes nothing. They are made, and judged, for the
 * container of the option "format": mpegts, mp4, hevc, obu ..., and are as they go into it: what it adds itself is not
 * in them. */
JINSHA_API jinsha_code jinsha_job_pull_packets(jinsha_job* job, jinsha_error** error);
typedef struct jinsha_packet {
  size_t size;
  int stream;  /* 0 the video, then sound, then subtitles and data */
  int end;     /* nonzero: there are no more; nothing else is set */
  int key;     /* a random access point */
  int64_t pts; /* ticks of time_num / time_den seconds; may be negative */
  int64_t dts;
  int64_t duration;
  int64_t time_num;
  int64_t time_den;
  const uint8_t* data; /* HEVC, AVC: NAL units behind start codes; AV1: a temporal unit. Until the next pull. */
  size_t bytes;
  const char* codec;      /* "hevc", "aac" ... */
  const uint8_t* headers; /* parameter sets, sequence header or decoder configuration of the stream; NULL: none */
  size_t header_bytes;
} jinsha_packet;
/* The next packet, after jinsha_job_start(). Waits for it; the job waits for whoever pulls. From one thread.
 * JINSHA_OK with `end` set where the job ended, well or not: jinsha_job_wait() says how. */
JINSHA_API jinsha_code jinsha_job_pull_packet(jinsha_job* job, jinsha_packet* packet, jinsha_error** error);

/* Opens and probes the input and makes the plan; nothing is written. */
JINSHA_API jinsha_code jinsha_job_plan(jinsha_job* job, jinsha_error** error);
/* The plan as JSON; NULL before jinsha_job_plan() succeeded. Belongs to the job. */
JINSHA_API const char* jinsha_job_plan_json(const jinsha_job* job);
/* The plan for people: source, what is kept, converted and dropped, memory sum. Belongs to the job. */
JINSHA_API const char* jinsha_job_plan_text(const jinsha_job* job);

/* Starts the threads of the job, planning first where that was not done. */
JINSHA_API jinsha_code jinsha_job_start(jinsha_job* job, jinsha_error** error);
/* Waits for the end and says how it ended. May be called again. Packets that nobody pulls keep a job from ending. */
JINSHA_API jinsha_code jinsha_job_wait(jinsha_job* job, jinsha_error** error);
/* Nonzero while the job's threads run. Any thread. */
JINSHA_API int jinsha_job_running(const jinsha_job* job);
/* Asks the job to stop; what was written is kept as NAME.partial.EXT. Any thread, also several times. */
JINSHA_API void jinsha_job_cancel(jinsha_job* job);

typedef struct jinsha_progress {
  size_t size;
  int64_t frames;       /* coded so far */
  int64_t total_frames; /* 0: unknown */
  int64_t bytes;        /* written so far */
  double elapsed_s;
  double frames_per_s;   /* over the last seconds */
  double speed;          /* frames_per_s / frame rate of the output */
  double eta_s;          /* < 0: unknown */
  int64_t bits_per_s;    /* of the stream written so far */
  uint64_t memory_bytes; /* resident set of the process */
  char stage_loads[192]; /* "decode 41% colour 60% encode 98% mux 1%" */
  int pass;              /* of so many; frames, times and rates are this pass's */
  int passes;
} jinsha_progress;
/* Any thread, at any time. 0 when nothing runs yet. */
JINSHA_API int jinsha_job_progress(jinsha_job* job, jinsha_progress* progress);

/* The report of a finished job as JSON; NULL before the end. Belongs to the job. */
JINSHA_API const char* jinsha_job_report(const jinsha_job* job);
/* One paragraph for people about how it ended. Belongs to the job. */
JINSHA_API const char* jinsha_job_summary(const jinsha_job* job);

/* ---- single questions ---- */

/* What an input holds, as JSON to free with jinsha_string_free(). `raw_format` may be NULL. */
JINSHA_API jinsha_code jinsha_probe(const char* input, const char* raw_format, char** json, jinsha_error** error);
/* Judges a file by itself. JINSHA_REJECTED when something is wrong; *json is set then too. */
JINSHA_API jinsha_code jinsha_verify(const char* file, char** json, jinsha_error** error);

/* How jinsha_compare() compares. Zeros and NULLs are the defaults. */
typedef struct jinsha_compare_options {
  size_t size;
  int64_t frames;               /* at most so many from the beginning; 0: all */
  int threads;                  /* 0: as many as there are processors */
  const char* html;             /* file for a page with the scores of every frame; NULL: none */
  const char* heatmap;          /* file for a PNG of the colour differences of one frame; NULL: none */
  const int64_t* heatmap_frame; /* which one, from 0; NULL: the one that differs most */
  /* After each pair of pictures, in the calling thread; nonzero stops with JINSHA_INTERRUPTED. What is
   * said of streams, stages and passes stays 0. May be NULL. */
  int (*progress)(void* user, const jinsha_progress* progress);
  void* user;
} jinsha_compare_options;
/* The quality of `other` against `reference`, which are of one size: PSNR, SSIM, XPSNR and Delta E ITP of every frame
 * and over all, as JSON to free; docs/compare.md has its members. `options` may be NULL. Files that html and heatmap
 * name are replaced. Returns when everything is compared. */
JINSHA_API jinsha_code jinsha_compare(const char* reference, const char* other, const jinsha_compare_options* options,
                                      char** json, jinsha_error** error);
/* The encoder back ends and what they can do, as JSON to free. */
JINSHA_API char* jinsha_encoders(void);
/* The JSON schema of job documents, to free. */
JINSHA_API char* jinsha_job_schema(void);
/* The presets of the library, name and description of each, as JSON to free. */
JINSHA_API char* jinsha_presets(void);
/* One preset, or a preset file (.toml): every option it sets, inherited ones too, with value and source, as JSON to
 * free. */
JINSHA_API jinsha_code jinsha_preset(const char* name, char** json, jinsha_error** error);

#ifdef __cplusplus
}
#endif

#endif
