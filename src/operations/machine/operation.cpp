// machine: no computation, but the limits of the machine as kernels: y = x, bit for bit.
//
// Copies show what the memory gives at each size, `fma` what the arithmetic gives. A NaN stays the NaN it
// was, but for signalling ones.
#include "suite/operation.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include "operations/sums_of_products.hpp"

namespace trilbench::machine {
namespace {

std::int64_t elements(const Problem& problem, int = 0) { return problem.sizes[0]; }

// A row of the output is one element.
std::int64_t rows(const Problem& problem) { return elements(problem); }
std::int64_t columns(const Problem&) { return 1; }

void reference(const Problem&, const float* const* inputs, std::span<const std::int64_t> wanted,
               double* value, double* magnitude) {
  for (const std::int64_t row : wanted) {
    *value++ = inputs[0][row];
    *magnitude++ = std::abs(static_cast<double>(inputs[0][row]));
  }
}

Counts counts(const Problem& problem) { return {.outputs = static_cast<double>(elements(problem))}; }
std::int64_t terms(const Problem&, std::int64_t) { return 1; }
double roundings(double) { return 0; }
double underflow(const Problem&, std::int64_t) { return 0; }

Traffic traffic(const Problem& problem) { return {{{Movement::copy, 0, elements(problem)}}}; }

Factors factors_of(const Problem& problem, float* const* inputs) {
  return {{}, {inputs[0], static_cast<std::size_t>(elements(problem))}, 1, 1};
}

using Fills = ProductFills<factors_of>;

// Zeros of both signs, denormals, infinities and NaN among numbers of all sizes.
void fill_any_bits(const Problem& problem, std::uint32_t round, float* const* inputs) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  constexpr float kinds[] = {0.0f,
                             -0.0f,
                             infinity,
                             -infinity,
                             std::numeric_limits<float>::quiet_NaN(),
                             std::numeric_limits<float>::denorm_min()};
  std::mt19937 engine(round);
  std::generate_n(inputs[0], elements(problem), [&] {
    const auto any = std::bit_cast<float>(static_cast<std::uint32_t>(engine()));
    return std::isnan(any) || engine() % 8 == 0 ? kinds[engine() % std::size(kinds)] : any;
  });
}

constexpr const char* axes[] = {"N"};

constexpr Fill fills[] = {
    exact({.name = "PyTorch's randn", .check = Check::bound, .fill = Fills::randn, .data = "normal"}),
    exact({.name = "uniform on [0, 1)", .check = Check::hard, .fill = Fills::positive, .data = "positive"}),
    exact({.name = "lognormal", .check = Check::hard, .fill = Fills::lognormal, .data = "spread"}),
    exact({.name = "denormals", .check = Check::hard, .fill = Fills::denormal_right, .data = "denormal"}),
    exact({.name = "any bits", .check = Check::non_finite, .fill = fill_any_bits}),
};

}  // namespace

extern const Operation operation = {
    .name = "machine",
    .formula = "y[i] = x[i]",
    .axes = axes,
    .example = "65536",
    .inputs = 1,
    .input_elements = elements,
    .rows = rows,
    .columns = columns,
    .reference = reference,
    .counts = counts,
    .terms = terms,
    .roundings = roundings,
    .underflow = underflow,
    .traffic = traffic,
    .fills = fills,
};

}  // namespace trilbench::machine
