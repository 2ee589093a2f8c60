// What is right: an operation's shapes, inputs, float64 reference, error bound and cost. Knows no
// implementation.
//
// The output of every operation is a matrix for the verifier: `rows` rows (all axes but the last, flattened)
// of `columns` elements. References are asked for rows, so that a large problem can be checked on a sample.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "suite/problem.hpp"
#include "suite/traffic.hpp"

namespace trilbench {

/// The checks of the verifier. tests/broken/ holds kernels that only one of them sees.
enum class Check : unsigned {
  bound,       // ordinary data: every element within the error bound
  hard,        // data chosen to make naive sums fail: constants, lognormal, cancellation, denormals
  impulses,    // one power of two in zeros: exact, wherever it stands
  integers,    // sums that are exact in any order: exact
  non_finite,  // NaN and infinities come out where they must and nowhere else
  causality,   // what lies in the future changes no bit of the past
  margins,     // nothing beside the buffers is read or written, and the floating-point mode is kept
  read_only,   // the inputs stay as they are
  repeats,     // a prepared workspace gives the same bits call after call, whatever ran before
  threads,     // all of these hold with 2, 3 and 4 threads too
};
inline constexpr int check_count = 10;

/// Input data of one kind. `round` is any number: it seeds random data and moves impulses to other places.
struct Fill {
  const char* name;
  Check check;
  void (*fill)(const Problem&, std::uint32_t round, float* const* inputs);
  /// How many different rounds it takes to see every place worth seeing; nullptr: one.
  int (*rounds)(const Problem&) = nullptr;
  /// Where the output must be the correctly rounded reference bit for bit; nullptr: the bound decides.
  bool (*exact)(const Problem&, std::int64_t row) = nullptr;
  /// The roundings that a method may have seen in a row, if zeros make them fewer; nullptr: they do not.
  double (*roundings)(const Problem&, std::int64_t row) = nullptr;
  /// The name by which --data chooses it for what is timed; nullptr: none. What the names mean is the same
  /// for all operations (docs/method.md), and each has all of them.
  const char* data = nullptr;
};
inline constexpr std::string_view data_names[] = {"normal", "positive", "spread", "denormal"};

/// What the flops of methods are counted in (Flops, suite/implementation.hpp).
struct Counts {
  double terms = 0;    // of the sums behind all outputs
  double outputs = 0;  // elements of the output
  double weights = 0;  // made for the whole batch
};

/// What a size of an axis is.
enum class AxisKind { number, shape };

struct Operation {
  const char* name;
  const char* formula;
  std::span<const char* const> axes;
  const char* example;                    // a shape of it, as people write them
  AxisKind axis_kind = AxisKind::number;  // shape: every axis is the shape of a tensor
  /// The axis whose size may be written "8g2": 8 in 2 groups. The problem's size is then the 2, and behind
  /// all axes stands how many each group has, 4. Negative: none.
  int grouped_axis = -1;
  /// Why sizes do not go together, in a few words; empty if they do. nullptr: any do.
  std::string (*mismatch)(const Problem&) = nullptr;
  /// Why no method takes the problem, though its sizes are sound; nullptr: all do.
  const char* (*refuses)(const Problem&) = nullptr;

  int inputs;
  /// Elements of input i. parse_shape asks when it knows no more than that the product of the sizes is sound:
  /// what may be larger than that is a saturated_product.
  std::int64_t (*input_elements)(const Problem&, int i);
  std::int64_t (*rows)(const Problem&);
  std::int64_t (*columns)(const Problem&);

  /// Of all columns of `rows` (ascending): the value y* and the sum M of the magnitudes of its terms.
  void (*reference)(const Problem&, const float* const* inputs, std::span<const std::int64_t> rows,
                    double* value, double* magnitude);
  Counts (*counts)(const Problem&);
  /// The terms of the sum behind an output row.
  std::int64_t (*terms)(const Problem&, std::int64_t row);
  /// The number of roundings that any honest float32 method may have seen where a term meets the additions of
  /// so many terms; the bound is built from it.
  double (*roundings)(double terms);
  /// h, the part of the bound that underflow needs.
  double (*underflow)(const Problem&, std::int64_t row);

  /// Compulsory traffic: every input byte that counts once, every output byte once.
  Traffic (*traffic)(const Problem&);

  std::span<const Fill> fills;  // the first is what benchmarks run on unless --data says otherwise

  /// An output row's position in time, and a change of all inputs after a time. nullptr: not causal.
  std::int64_t (*time_of_row)(const Problem&, std::int64_t row) = nullptr;
  void (*change_future)(const Problem&, std::int64_t time, float value, float* const* inputs) = nullptr;
  /// Positions in time.
  std::int64_t (*times)(const Problem&) = nullptr;
};

}  // namespace trilbench
