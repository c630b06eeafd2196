// The smallest test harness that says what failed: cases register themselves, checks count.
#pragma once

#include <cmath>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

namespace loudscope::tests {

struct Register {
  Register(const char* noun, const char* law, std::function<void()> run);
};

// 0 to `count` - 1; every seventh in a brief run, for CPUs that are slow because emulated.
std::vector<int> rounds(int count);

// Reports a failed check and goes on.
void report(const char* file, int line, const std::string& what);

template <class A, class B>
void check_equal(const A& a, const B& b, const char* text, const char* file, int line) {
  if (a == b) return;
  std::ostringstream what;
  what.precision(17);
  what << text << ": " << a << " and " << b;
  report(file, line, what.str());
}

inline void check_near(double a, double b, double tolerance, const char* text, const char* file,
                       int line) {
  if (a == b || std::fabs(a - b) <= tolerance) return;  // NaN is near nothing
  std::ostringstream what;
  what.precision(17);
  what << text << ": " << a << " and " << b << " differ by " << a - b;
  report(file, line, what.str());
}

// Calls `run`, which must throw an `Expected`, and gives that to `inspect`.
template <class Expected, class Run, class Inspect>
void check_throws(const Run& run, const Inspect& inspect, const char* text, const char* file,
                  int line) {
  try {
    run();
  } catch (const Expected& caught) {
    inspect(caught);
    return;
  }
  report(file, line, std::string(text) + ": nothing was thrown");
}

}  // namespace loudscope::tests

#define LOUDSCOPE_JOIN2(a, b) a##b
#define LOUDSCOPE_JOIN(a, b) LOUDSCOPE_JOIN2(a, b)
// TEST(noun, law) { ... }
#define TEST(noun, law)                                                         \
  static void LOUDSCOPE_JOIN(run_at_, __LINE__)();                              \
  static const ::loudscope::tests::Register LOUDSCOPE_JOIN(case_at_, __LINE__)( \
      noun, law, LOUDSCOPE_JOIN(run_at_, __LINE__));                            \
  static void LOUDSCOPE_JOIN(run_at_, __LINE__)()

#define CHECK(condition) \
  ((condition) ? void() : ::loudscope::tests::report(__FILE__, __LINE__, #condition))
#define CHECK_EQUAL(a, b) \
  ::loudscope::tests::check_equal((a), (b), #a " == " #b, __FILE__, __LINE__)
#define CHECK_NEAR(a, b, tolerance) \
  ::loudscope::tests::check_near((a), (b), (tolerance), #a " ~ " #b, __FILE__, __LINE__)
#define CHECK_THROWS(Expected, run, inspect) \
  ::loudscope::tests::check_throws<Expected>((run), (inspect), #run, __FILE__, __LINE__)
