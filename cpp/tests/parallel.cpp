#include "parallel.hpp"

#include <stdexcept>

#include "check.hpp"

namespace loudscope::tests {
namespace {

TEST("parallel", "every task runs once, for any number of threads") {
  for (const std::size_t count : {0U, 1U, 2U, 3U, 17U, 200U}) {
    for (const int threads : {0, 1, 2, 3, 8, 300}) {
      std::vector<std::atomic<int>> runs(count);
      parallel_for(count, threads, [&](std::size_t i) { ++runs[i]; });
      for (const auto& times : runs) CHECK_EQUAL(times.load(), 1);
    }
  }
}

TEST("parallel", "an exception comes out as itself, after every thread has stopped") {
  for (const int threads : {1, 2, 4}) {
    std::atomic<int> running{0};
    const auto run = [&] {
      parallel_for(100, threads, [&](std::size_t i) {
        ++running;
        const bool fails = i == 7;
        --running;
        if (fails) throw std::out_of_range("seventh");
      });
    };
    CHECK_THROWS(std::out_of_range, run, [](const std::out_of_range& caught) {
      CHECK_EQUAL(std::string(caught.what()), std::string("seventh"));
    });
    CHECK_EQUAL(running.load(), 0);
  }
}

TEST("parallel", "of many exceptions one comes out, and it need not be a std::exception") {
  for (const int threads : {1, 2, 8}) {
    const auto run = [&] {
      parallel_for(64, threads, [](std::size_t i) { throw static_cast<int>(i); });
    };
    CHECK_THROWS(int, run, [](int i) { CHECK(i >= 0 && i < 64); });
  }
}

TEST("parallel", "after an exception no new task begins") {
  std::atomic<int> begun{0};
  const auto run = [&] {
    parallel_for(1000, 1, [&](std::size_t i) {
      ++begun;
      if (i == 3) throw 3;
    });
  };
  CHECK_THROWS(int, run, [](int) {});
  CHECK_EQUAL(begun.load(), 4);
}

}  // namespace
}  // namespace loudscope::tests
