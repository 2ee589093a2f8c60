#include "suite/shape.hpp"

#include <charconv>
#include <stdexcept>

namespace trilbench {
namespace {

constexpr double largest_bytes = 0x1p62;

[[noreturn]] void reject(const Operation& operation, std::string_view text, const std::string& why) {
  throw std::invalid_argument("shape '" + std::string(text) + "': " + why + "; " + operation.name +
                              " takes " + axes_text(operation) + ", whole numbers from 1, as in 8x1024x64");
}

}  // namespace

Problem parse_shape(const Operation& operation, std::string_view text, int threads) {
  Problem problem{};
  problem.threads = threads;
  const std::size_t axes = operation.axes.size();
  double product = sizeof(float);
  std::size_t axis = 0;
  std::string_view rest = text;
  while (true) {
    const std::size_t end = rest.find('x');
    const std::string_view part = rest.substr(0, end);
    if (axis == axes) reject(operation, text, "has more than " + std::to_string(axes) + " sizes");
    std::int64_t size = 0;
    const auto [stop, error] = std::from_chars(part.data(), part.data() + part.size(), size);
    if (error == std::errc::result_out_of_range)
      reject(operation, text, "'" + std::string(part) + "' is too large");
    if (error != std::errc() || stop != part.data() + part.size() || part.empty())
      reject(operation, text, "'" + std::string(part) + "' is not a whole number");
    if (size < 1) reject(operation, text, "'" + std::string(part) + "' is less than 1");
    product *= static_cast<double>(size);
    problem.sizes[axis++] = size;
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  if (axis < axes)
    reject(
        operation, text,
        "has " + std::to_string(axis) + (axis == 1 ? " size" : " sizes") + ", not " + std::to_string(axes));
  if (product > largest_bytes) reject(operation, text, "the product of the sizes is too large");
  return problem;
}

std::string shape_text(const Operation& operation, const Problem& problem) {
  std::string text;
  for (std::size_t i = 0; i < operation.axes.size(); ++i)
    text += (i == 0 ? "" : "x") + std::to_string(problem.sizes[i]);
  return text;
}

std::string axes_text(const Operation& operation) {
  std::string text;
  for (const char* axis : operation.axes) text += (text.empty() ? "" : "x") + std::string(axis);
  return text;
}

double data_bytes(const Operation& operation, const Problem& problem) {
  double elements =
      static_cast<double>(operation.rows(problem)) * static_cast<double>(operation.columns(problem));
  for (int i = 0; i < operation.inputs; ++i)
    elements += static_cast<double>(operation.input_elements(problem, i));
  return elements * sizeof(float);
}

}  // namespace trilbench
