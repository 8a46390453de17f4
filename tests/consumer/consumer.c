/* A C client of an installed Jinsha: options one by one, a job, its report. */
#include <jinsha/jinsha.h>

#include <stdio.h>
#include <string.h>

static int failed(jinsha_error* error) {
  const int status = jinsha_exit_status(jinsha_error_code(error));
  fprintf(stderr, "%s\n", jinsha_error_message(error));
  jinsha_error_free(error);
  return status;
}

int main(int argc, char** argv) {
  const char* options[][2] = {
      {"input", "generate:320x180@50,frames=10,color=pq"}, {"speed", "ultrafast"}, {"color", "hlg"}, {"overwrite", ""}};
  jinsha_error* error = NULL;
  jinsha_job* job;
  size_t i;
  int status = 0;
  if (argc != 2) return 2;
  job = jinsha_job_new();
  if (!job) return 70;
  for (i = 0; i < sizeof options / sizeof options[0] && !status; ++i) {
    if (jinsha_job_set(job, options[i][0], options[i][1], &error) != JINSHA_OK) status = failed(error);
  }
  if (!status && jinsha_job_set(job, "output", argv[1], &error) != JINSHA_OK) status = failed(error);
  if (!status && jinsha_job_start(job, &error) != JINSHA_OK) status = failed(error);
  if (!status && jinsha_job_wait(job, &error) != JINSHA_OK) status = failed(error);
  if (!status) {
    printf("%s\n%s\n", jinsha_version(), jinsha_job_summary(job));
    if (!strstr(jinsha_job_report(job), "\"passed\": true")) status = 1;
  }
  jinsha_job_free(job);
  return status;
}
