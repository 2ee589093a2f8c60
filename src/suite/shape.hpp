// Shapes as people write them: "8x1024x64", a size per axis, or "3x1x2x2@5x2x3", a tensor's shape per axis.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "suite/operation.hpp"

namespace trilbench {

/// What stands between the separators: one part more than there are of these.
std::vector<std::string_view> split(std::string_view text, char separator);

/// Reads "8x1024x64" for an operation with axes B, T, C, or "3x1x2x2@5x2x3" for one with axes X, Y that are
/// shapes. Throws std::invalid_argument, in one line that says what is wrong and what would be right, for a
/// wrong number of axes or dimensions, anything but whole numbers from 1, sizes that do not go together, and
/// those whose arrays take more than 2^47 bytes, which is all that a process can address. Of what remains,
/// nothing that is made of sizes (elements, strides, workspaces for a thousand threads) passes 2^62.
Problem parse_shape(const Operation& operation, std::string_view text, int threads = 1);

/// "8x1024x64" or "3x1x2x2@5x2x3".
std::string shape_text(const Operation& operation, const Problem& problem);

/// The part of it that is one axis: "1024" or "5x2x3".
std::string axis_text(const Operation& operation, const Problem& problem, std::size_t axis);

/// "BxTxC" or "X@Y": what a shape of the operation gives the sizes of.
std::string axes_text(const Operation& operation);

/// What stands between two axes: 'x' or '@'.
char axis_separator(const Operation& operation);

/// The sizes of an axis that is a shape, without the zeros in front.
std::span<const std::int64_t> tensor_shape(const Problem& problem, std::size_t axis);

/// a * b, or the largest number where that is less: for operations, whose arrays may be larger than the
/// product of their sizes, and which are asked for them before a shape is known to be sound.
std::int64_t saturated_product(std::int64_t a, std::int64_t b);

/// Elements of each input, then of the output, of a problem that is sound.
std::vector<std::int64_t> array_elements(const Operation& operation, const Problem& problem);

/// Bytes of all inputs and the output.
double data_bytes(const Operation& operation, const Problem& problem);

}  // namespace trilbench
