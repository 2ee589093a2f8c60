// Shapes as people write them: "8x1024x64", one size per axis of the operation.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "suite/operation.hpp"

namespace trilbench {

/// Reads "8x1024x64" for an operation with axes B, T, C. Throws std::invalid_argument, in one line that says
/// what is wrong and what would be right, for a wrong number of axes, anything but whole numbers from 1, and
/// sizes whose product times 4 bytes passes 2^62.
Problem parse_shape(const Operation& operation, std::string_view text, int threads = 1);

/// "8x1024x64".
std::string shape_text(const Operation& operation, const Problem& problem);

/// "BxTxC": what a shape of the operation gives the sizes of.
std::string axes_text(const Operation& operation);

/// Bytes of all inputs and the output.
double data_bytes(const Operation& operation, const Problem& problem);

}  // namespace trilbench
