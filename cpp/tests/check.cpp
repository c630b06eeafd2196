#include "check.hpp"

#include <cstdio>
#include <exception>
#include <string_view>
#include <vector>

namespace loudscope::tests {
namespace {

struct Case {
  const char* noun;
  const char* law;
  std::function<void()> run;
};

std::vector<Case>& cases() {
  static std::vector<Case> all;
  return all;
}

int failures = 0, stride = 1;

void run(const Case& test) {
  const int before = failures;
  try {
    test.run();
  } catch (const std::exception& error) {
    report(test.noun, 0, std::string("uncaught: ") + error.what());
  } catch (...) {
    report(test.noun, 0, "uncaught: not a standard exception");
  }
  std::printf("%s  %s: %s\n", failures == before ? "ok  " : "FAIL", test.noun, test.law);
}

}  // namespace

Register::Register(const char* noun, const char* law, std::function<void()> run) {
  cases().push_back({noun, law, std::move(run)});
}

std::vector<int> rounds(int count) {
  std::vector<int> all;
  for (int round = 0; round < count; round += stride) all.push_back(round);
  return all;
}

void report(const char* file, int line, const std::string& what) {
  if (++failures > 50) return;
  std::printf("%s:%d: %s\n", file, line, what.c_str());
}

}  // namespace loudscope::tests

// loudscope_tests [noun [brief]]
int main(int count, char** arguments) {
  using namespace loudscope::tests;
  const std::string_view wanted = count > 1 ? arguments[1] : "";
  if (count > 2 && std::string_view(arguments[2]) == "brief") stride = 7;
  int ran = 0;
  for (const Case& test : cases()) {
    if (!wanted.empty() && wanted != test.noun) continue;
    run(test);
    ++ran;
  }
  std::printf("%d cases, %d failed checks\n", ran, failures);
  return ran > 0 && failures == 0 ? 0 : 1;
}
