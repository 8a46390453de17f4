// The C interface to other ways in and out of a job than files: readers, writers, pushed pictures, pulled packets.
#include <algorithm>
#include <cstring>
#include <vector>

#include "api/c_boundary.h"
#include "api/job_handle.h"
#include "jinsha/jinsha.h"

namespace {

using jinsha::Error;
using jinsha::ErrorCode;
using jinsha::Status;
using jinsha::api::give;
using jinsha::api::guarded;
using jinsha::api::missing;
using jinsha::api::sized;

Status not_planned(const jinsha_job& job) {
  if (!job.run.planned()) return {};
  return Error{ErrorCode::kUsage, "the job is planned already; make a new one to change where it reads and writes"};
}

void describe(jinsha_job& job, const jinsha::Packet& from, jinsha_packet& to) {
  const jinsha::VideoStreamInfo& video = job.pulled_video;
  to.stream = from.stream;
  to.key = from.key ? 1 : 0;
  to.pts = from.pts;
  to.dts = from.dts;
  to.duration = from.duration;
  to.data = from.data->data();
  to.bytes = from.data->size();
  const jinsha::Bytes* headers = &video.headers;
  jinsha::Rational time_base = video.time_base;
  to.codec = jinsha::name_of(video.codec);
  const jinsha::Plan& plan = job.run.planned_plan();
  const std::size_t beside = static_cast<std::size_t>(from.stream) - 1;  // where it is not the video
  if (from.stream > 0 && beside >= plan.audio.size()) {
    const jinsha::DataStreamInfo& data = plan.data[beside - plan.audio.size()].info;
    headers = &data.headers;
    time_base = data.time_base;
    to.codec = data.codec.c_str();
  } else if (from.stream > 0) {
    const jinsha::AudioStreamInfo& audio = plan.audio[beside].info;
    headers = &audio.headers;
    time_base = audio.time_base;
    to.codec = audio.codec.c_str();
  }
  to.time_num = time_base.num;
  to.time_den = time_base.den;
  if (*headers && !(*headers)->empty()) {
    to.headers = (*headers)->data();
    to.header_bytes = (*headers)->size();
  }
}

}  // namespace

extern "C" {

jinsha_code jinsha_job_set_reader(jinsha_job* job, const jinsha_reader* reader, jinsha_error** error) {
  if (!job || !reader || !reader->read) return give(missing("job, reader or its read function"), error);
  return guarded(error, [&]() -> Status {
    JINSHA_TRY(not_planned(*job));
    const jinsha_reader from = sized(*reader);
    auto made = std::make_shared<jinsha::InputReader>();
    made->name = from.name ? from.name : "input";
    made->read = [from](std::uint8_t* to, std::size_t count) { return from.read(from.user, to, count); };
    if (from.seek) made->seek = [from](std::uint64_t position) { return from.seek(from.user, position) == 0; };
    made->size = from.length;
    job->run.set_reader(std::move(made));
    return {};
  });
}

jinsha_code jinsha_job_set_writer(jinsha_job* job, const jinsha_writer* writer, jinsha_error** error) {
  if (!job || !writer || !writer->write) return give(missing("job, writer or its write function"), error);
  return guarded(error, [&]() -> Status {
    JINSHA_TRY(not_planned(*job));
    const jinsha_writer to = sized(*writer);
    job->run.set_writer([to](std::span<const std::uint8_t> bytes) -> Status {
      if (to.write(to.user, bytes.data(), bytes.size()) == 0) return {};
      return Error{ErrorCode::kOutput, "the function that the output is written through reports a failure"};
    });
    return {};
  });
}

jinsha_code jinsha_job_push_frames(jinsha_job* job, jinsha_error** error) {
  if (!job) return give(missing("job"), error);
  return guarded(error, [&]() -> Status {
    JINSHA_TRY(not_planned(*job));
    job->run.push_frames();
    return {};
  });
}

jinsha_code jinsha_job_push_frame(jinsha_job* job, const uint8_t* const* planes, const size_t* strides,
                                  size_t plane_count, jinsha_error** error) {
  if (!job || !planes || !strides) return give(missing("job, planes or strides"), error);
  return guarded(error, [&]() -> Status {
    jinsha::PushedFrames* const frames = job->run.frames();
    if (frames == nullptr) return Error{ErrorCode::kUsage, "the job takes no pictures: call jinsha_job_push_frames()"};
    if (!job->started) return Error{ErrorCode::kUsage, "the job was not started: nobody would take the picture"};
    std::vector<jinsha::PushedFrames::Plane> picture;
    for (std::size_t i = 0; i < plane_count; ++i) picture.push_back({planes[i], strides[i]});
    return frames->push(picture);
  });
}

jinsha_code jinsha_job_push_end(jinsha_job* job, jinsha_error** error) {
  if (!job) return give(missing("job"), error);
  return guarded(error, [&]() -> Status {
    if (job->run.frames() == nullptr)
      return Error{ErrorCode::kUsage, "the job takes no pictures: call jinsha_job_push_frames()"};
    job->run.frames()->end();
    return {};
  });
}

jinsha_code jinsha_job_pull_packets(jinsha_job* job, jinsha_error** error) {
  if (!job) return give(missing("job"), error);
  return guarded(error, [&]() -> Status {
    JINSHA_TRY(not_planned(*job));
    job->run.pull_packets();
    return {};
  });
}

jinsha_code jinsha_job_pull_packet(jinsha_job* job, jinsha_packet* packet, jinsha_error** error) {
  if (!job || !packet || packet->size < sizeof(size_t)) return give(missing("job or packet"), error);
  return guarded(error, [&]() -> Status {
    auto* const packets = job->run.packets();
    if (packets == nullptr) return Error{ErrorCode::kUsage, "the job gives no packets: call jinsha_job_pull_packets()"};
    if (!job->started) return Error{ErrorCode::kUsage, "the job was not started: no packet would come"};
    jinsha_packet filled{};
    for (;;) {
      std::optional<jinsha::Item> item = packets->pop(job->run.stop_token());
      if (!item) {
        filled.end = 1;
        break;
      }
      if (auto* info = std::get_if<jinsha::StreamInfo>(&*item)) {
        if (auto* video = std::get_if<jinsha::VideoStreamInfo>(info)) job->pulled_video = std::move(*video);
        continue;
      }
      job->pulled = std::move(std::get<jinsha::Packet>(*item));
      describe(*job, job->pulled, filled);
      break;
    }
    jinsha::api::copy_sized(filled, packet);
    return {};
  });
}

}  // extern "C"
