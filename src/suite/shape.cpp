#include "suite/shape.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <stdexcept>
#include <vector>

#include "suite/element.hpp"

namespace trilbench {
namespace {

constexpr double most_bytes = 0x1p47;

bool has_shapes(const Operation& operation) { return operation.axis_kind == AxisKind::shape; }

[[noreturn]] void reject(const Operation& operation, std::string_view text, const std::string& why) {
  const std::string what =
      has_shapes(operation) ? ", each a tensor's shape of whole numbers from 1" : ", whole numbers from 1";
  throw std::invalid_argument("shape '" + std::string(text) + "': " + why + "; " + operation.name +
                              " takes " + axes_text(operation) + what + ", as in " + operation.example);
}

std::string counted(std::size_t count, const std::string& thing) {
  return std::to_string(count) + " " + thing + (count == 1 ? "" : "s");
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

/// Reads parts of a shape; knows the operation and the whole text for its complaints.
class ShapeReader {
 public:
  ShapeReader(const Operation& operation, std::string_view text) : operation_(operation), text_(text) {}

  /// The sizes in "3x1x2x2", and that their product is not too large.
  std::vector<std::int64_t> sizes(std::string_view list) const {
    std::vector<std::int64_t> sizes;
    double product = element_bytes;
    for (const std::string_view part : split(list, 'x')) {
      sizes.push_back(size(part));
      product *= static_cast<double>(sizes.back());
    }
    if (product > most_bytes) fail("the product of the sizes is too large");
    return sizes;
  }

  void expect_axes(std::size_t count, const std::string& thing) const {
    const std::size_t axes = operation_.axes.size();
    if (count > axes) fail("has more than " + counted(axes, thing));
    if (count < axes) fail("has " + counted(count, thing) + ", not " + std::to_string(axes));
  }

  [[noreturn]] void fail(const std::string& why) const { reject(operation_, text_, why); }

 private:
  std::int64_t size(std::string_view part) const {
    const std::string quoted = "'" + std::string(part) + "'";
    std::int64_t size = 0;
    const auto [stop, error] = std::from_chars(part.data(), part.data() + part.size(), size);
    if (error == std::errc::result_out_of_range) fail(quoted + " is too large");
    if (error != std::errc() || stop != part.data() + part.size() || part.empty())
      fail(quoted + " is not a whole number");
    if (size < 1) fail(quoted + " is less than 1");
    return size;
  }

  const Operation& operation_;
  std::string_view text_;
};

std::string text_of(std::span<const std::int64_t> sizes) {
  std::string text;
  for (const std::int64_t size : sizes) text += (text.empty() ? "" : "x") + std::to_string(size);
  return text;
}

}  // namespace

Problem parse_shape(const Operation& operation, std::string_view text, int threads) {
  const ShapeReader reader(operation, text);
  Problem problem{};
  problem.threads = threads;
  if (has_shapes(operation)) {
    const std::vector<std::string_view> tensors = split(text, axis_separator(operation));
    reader.expect_axes(tensors.size(), "tensor");
    for (std::size_t axis = 0; axis < tensors.size(); ++axis) {
      const std::vector<std::int64_t> sizes = reader.sizes(tensors[axis]);
      if (sizes.size() > max_dimensions)
        reader.fail("'" + std::string(tensors[axis]) + "' has more than " + counted(max_dimensions, "size"));
      std::int64_t* const end = problem.sizes + (axis + 1) * max_dimensions;
      std::copy_backward(sizes.begin(), sizes.end(), end);
    }
  } else {
    const std::vector<std::int64_t> sizes = reader.sizes(text);
    reader.expect_axes(sizes.size(), "size");
    std::ranges::copy(sizes, problem.sizes);
  }
  if (operation.mismatch)
    if (const std::string why = operation.mismatch(problem); !why.empty()) reader.fail(why);
  if (data_bytes(operation, problem) > most_bytes)
    reader.fail("inputs and output are too large: more than the 2^47 bytes that a process can address");
  return problem;
}

std::string axis_text(const Operation& operation, const Problem& problem, std::size_t axis) {
  return has_shapes(operation) ? text_of(tensor_shape(problem, axis)) : std::to_string(problem.sizes[axis]);
}

std::string shape_text(const Operation& operation, const Problem& problem) {
  std::string text = axis_text(operation, problem, 0);
  for (std::size_t axis = 1; axis < operation.axes.size(); ++axis)
    text += axis_separator(operation) + axis_text(operation, problem, axis);
  return text;
}

std::string axes_text(const Operation& operation) {
  std::string text = operation.axes[0];
  for (const char* axis : operation.axes.subspan(1)) text += axis_separator(operation) + std::string(axis);
  return text;
}

char axis_separator(const Operation& operation) { return has_shapes(operation) ? '@' : 'x'; }

std::span<const std::int64_t> tensor_shape(const Problem& problem, std::size_t axis) {
  const std::int64_t* const begin = problem.sizes + axis * max_dimensions;
  const std::int64_t* const end = begin + max_dimensions;
  return {std::find_if(begin, end, [](std::int64_t size) { return size > 0; }), end};
}

std::int64_t saturated_product(std::int64_t a, std::int64_t b) {
  std::int64_t product;
  return __builtin_mul_overflow(a, b, &product) ? std::numeric_limits<std::int64_t>::max() : product;
}

double data_bytes(const Operation& operation, const Problem& problem) {
  double elements =
      static_cast<double>(operation.rows(problem)) * static_cast<double>(operation.columns(problem));
  for (int i = 0; i < operation.inputs; ++i)
    elements += static_cast<double>(operation.input_elements(problem, i));
  return elements * element_bytes;
}

}  // namespace trilbench
