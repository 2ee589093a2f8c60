#include "suite/shape.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <limits>
#include <stdexcept>
#include <utility>

#include "suite/element.hpp"

namespace trilbench {
namespace {

constexpr double most_bytes = 0x1p47;

bool has_shapes(const Operation& operation) { return operation.axis_kind == AxisKind::shape; }

[[noreturn]] void reject(const Operation& operation, std::string_view text, const std::string& why) {
  const std::string what = has_shapes(operation) ? ", each a tensor's shape of whole numbers from 1"
                           : operation.grouped_axis < 0
                               ? ", whole numbers from 1"
                               : std::string(", whole numbers from 1, ") +
                                     operation.axes[operation.grouped_axis] + " perhaps in groups like 8g2";
  throw std::invalid_argument("shape '" + std::string(text) + "': " + why + "; " + operation.name +
                              " takes " + axes_text(operation) + what + ", as in " + operation.example);
}

std::string counted(std::size_t count, const std::string& thing) {
  return std::to_string(count) + " " + thing + (count == 1 ? "" : "s");
}

using Fail = std::function<void(const std::string& why)>;  // throws

std::int64_t size_in(std::string_view part, const Fail& fail) {
  const std::string quoted = "'" + std::string(part) + "'";
  std::int64_t size = 0;
  const auto [stop, error] = std::from_chars(part.data(), part.data() + part.size(), size);
  if (error == std::errc::result_out_of_range) fail(quoted + " is too large");
  if (error != std::errc() || stop != part.data() + part.size()) fail(quoted + " is not a whole number");
  if (size < 1) fail(quoted + " is less than 1");
  return size;
}

/// The sizes in "3x1x2x2", split, whose product must not be too large.
std::vector<std::int64_t> sizes_in(const std::vector<std::string_view>& parts, const Fail& fail) {
  std::vector<std::int64_t> sizes;
  double product = element_bytes;
  for (const std::string_view part : parts) {
    sizes.push_back(size_in(part, fail));
    product *= static_cast<double>(sizes.back());
  }
  if (product > most_bytes) fail("the product of the sizes is too large");
  return sizes;
}

/// Takes "g2" off "8g2": 2. Of "8": 0.
std::int64_t take_groups(std::string_view& part, const Fail& fail) {
  const std::size_t g = part.find('g');
  if (g == std::string_view::npos) return 0;
  return size_in(std::exchange(part, part.substr(0, g)).substr(g + 1), fail);
}

void expect_axes(std::size_t axes, std::size_t count, const std::string& thing, const Fail& fail) {
  if (count > axes) fail("has more than " + counted(axes, thing));
  if (count < axes) fail("has " + counted(count, thing) + ", not " + std::to_string(axes));
}

}  // namespace

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

Problem parse_shape(const Operation& operation, std::string_view text, int threads) {
  const Fail fail = [&](const std::string& why) { reject(operation, text, why); };
  const std::size_t axes = operation.axes.size();
  Problem problem{};
  problem.threads = threads;
  if (has_shapes(operation)) {
    const std::vector<std::string_view> tensors = split(text, axis_separator(operation));
    expect_axes(axes, tensors.size(), "tensor", fail);
    for (std::size_t axis = 0; axis < axes; ++axis) {
      const std::vector<std::int64_t> sizes = sizes_in(split(tensors[axis], 'x'), fail);
      if (sizes.size() > max_dimensions)
        fail("'" + std::string(tensors[axis]) + "' has more than " + counted(max_dimensions, "size"));
      std::ranges::copy_backward(sizes, problem.sizes + (axis + 1) * max_dimensions);
    }
  } else {
    std::vector<std::string_view> parts = split(text, 'x');
    const auto grouped = static_cast<std::size_t>(operation.grouped_axis);
    const std::int64_t groups = grouped < parts.size() ? take_groups(parts[grouped], fail) : 0;
    const std::vector<std::int64_t> sizes = sizes_in(parts, fail);
    expect_axes(axes, sizes.size(), "size", fail);
    std::ranges::copy(sizes, problem.sizes);
    if (groups > 0) {
      const std::int64_t all = sizes[grouped];
      if (all % groups != 0) fail(std::to_string(groups) + " groups do not divide " + std::to_string(all));
      if (groups < all) {
        problem.sizes[grouped] = groups;
        problem.sizes[axes] = all / groups;
      }
    }
  }
  if (operation.mismatch)
    if (const std::string why = operation.mismatch(problem); !why.empty()) fail(why);
  if (data_bytes(operation, problem) > most_bytes)
    fail("inputs and output are too large: more than the 2^47 bytes that a process can address");
  return problem;
}

std::string axis_text(const Operation& operation, const Problem& problem, std::size_t axis) {
  if (!has_shapes(operation)) {
    const std::int64_t size = problem.sizes[axis], of_each = problem.sizes[operation.axes.size()];
    if (static_cast<int>(axis) != operation.grouped_axis || of_each <= 1) return std::to_string(size);
    return std::to_string(size * of_each) + 'g' + std::to_string(size);
  }
  std::string text;
  for (const std::int64_t size : tensor_shape(problem, axis))
    text += (text.empty() ? "" : "x") + std::to_string(size);
  return text;
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

std::vector<std::int64_t> array_elements(const Operation& operation, const Problem& problem) {
  std::vector<std::int64_t> elements;
  for (int i = 0; i < operation.inputs; ++i) elements.push_back(operation.input_elements(problem, i));
  elements.push_back(operation.rows(problem) * operation.columns(problem));
  return elements;
}

double data_bytes(const Operation& operation, const Problem& problem) {
  double elements =
      static_cast<double>(operation.rows(problem)) * static_cast<double>(operation.columns(problem));
  for (int i = 0; i < operation.inputs; ++i)
    elements += static_cast<double>(operation.input_elements(problem, i));
  return elements * element_bytes;
}

}  // namespace trilbench
