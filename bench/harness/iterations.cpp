#include "harness/options.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string_view>

#include "suite/machine/process.hpp"
#include "suite/shape.hpp"

namespace trilbench::bench {
namespace {

/// The last `count` parts of "B:8/T:1024/C:64/omp:1" and whatever stands before them, without their labels.
std::vector<std::string> sizes_of(const std::string& name, std::size_t count) {
  std::vector<std::string> parts;
  std::istringstream rest(name);
  for (std::string part; std::getline(rest, part, '/');) parts.push_back(part.substr(part.find(':') + 1));
  if (parts.size() < count) return {};
  return {parts.end() - static_cast<std::ptrdiff_t>(count), parts.end()};
}

/// The problem that the name ends with. Its labels are not looked at: only a name that comes out the same
/// again counts.
Problem problem_of(const Operation& operation, const std::string& name) {
  const std::vector<std::string> sizes = sizes_of(name, operation.axes.size() + 1);
  if (sizes.empty()) throw std::invalid_argument("is no benchmark's name");
  std::string shape = sizes[0];
  for (std::size_t axis = 1; axis + 1 < sizes.size(); ++axis)
    shape += axis_separator(operation) + sizes[axis];
  const int threads = std::atoi(sizes.back().c_str());
  if (threads < 1 || threads > allowed_threads())
    throw std::invalid_argument("asks for more threads than this process may use");
  return parse_shape(operation, shape, threads);
}

/// A line of any file as part of a message.
std::string printable(std::string line) {
  for (char& character : line)
    if (character < ' ' || character > '~') character = '?';
  return line;
}

Counted parse_line(const Subject& subject, const Operation& operation, const std::string& line) {
  std::istringstream words(line);
  std::string name;
  benchmark::IterationCount calls = 0;
  if (!(words >> name >> calls) || calls < 1 || !(words >> std::ws).eof())
    throw std::invalid_argument("is not a benchmark's name and a number of calls");
  const Problem problem = problem_of(operation, name);
  for (const Variant& variant : subject.variants)
    if (variant.operation == subject.operation && variant.implementation->role == Role::method &&
        benchmark_name(operation, variant, problem) == name)
      return {&variant, problem, calls};
  throw std::invalid_argument("is no benchmark of this program");
}

}  // namespace

std::vector<Counted> read_iterations(const Subject& subject, const Operation& operation,
                                     const std::string& file) {
  std::ifstream lines(file);
  if (!lines)
    throw std::invalid_argument("--iterations: cannot read '" + file + "': " + std::strerror(errno));
  std::vector<Counted> counted;
  for (std::string line; std::getline(lines, line);) {
    try {
      if (!line.empty()) counted.push_back(parse_line(subject, operation, line));
    } catch (const std::invalid_argument& error) {
      throw std::invalid_argument("--iterations: '" + printable(line) + "' in '" + file + "' " +
                                  error.what());
    }
  }
  if (counted.empty()) throw std::invalid_argument("--iterations: '" + file + "' names no row");
  return counted;
}

}  // namespace trilbench::bench
