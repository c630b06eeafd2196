// Runs independent tasks on a few threads.
#pragma once

#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace loudscope {

// Calls task(i) for i in [0, count), each once, on up to `threads` threads (this one among them).
// Tasks write to separate places. The first exception is thrown again when all have stopped.
template <class Task>
void parallel_for(std::size_t count, int threads, const Task& task) {
  std::atomic<std::size_t> next{0};
  std::exception_ptr failure;
  std::mutex guard;
  const auto work = [&] {
    try {
      for (std::size_t i = next++; i < count; i = next++) task(i);
    } catch (...) {
      const std::lock_guard lock(guard);
      if (!failure) failure = std::current_exception();
      next = count;
    }
  };
  std::vector<std::thread> helpers;
  for (std::size_t t = 1; t < count && t < static_cast<std::size_t>(threads); ++t) {
    try {
      helpers.emplace_back(work);
    } catch (const std::exception&) {
      break;  // the system gives no more threads: go on with those there are
    }
  }
  work();
  for (std::thread& helper : helpers) helper.join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace loudscope
