// The least that an operation can move, by its Traffic: each byte read or written once, and nothing else.
//
// Every thread moves its part of every transfer, one transfer after the other, in one parallel region. What
// is read and not copied is joined (kernels/memory/read.hpp); a fill writes what was read before it, so that
// a test sees a float left out.
#pragma once

#include <cstddef>

#include "kernels/memory/copy.hpp"
#include "kernels/memory/read.hpp"
#include "kernels/parallel.hpp"
#include "suite/implementation.hpp"
#include "suite/traffic.hpp"

namespace trilbench::TRILBENCH_ISA::machine {

template <Stores stores>
class Transfers {
 public:
  Transfers(const Problem& probe, const Machine&) : parts_(probe.threads), traffic_(traffic_of(probe)) {
    while (transfers_ < Traffic::most && traffic_.transfers[transfers_].movement != Movement::none)
      ++transfers_;
  }

  std::size_t scratch_bytes() const { return parts_.bytes(); }

  void prepare(void* scratch) const {
    parts_.prepare(scratch, [this](int part) {
      Part pieces{};
      for (int i = 0; i < transfers_; ++i) pieces.of[i] = piece_of(traffic_.transfers[i], part);
      return pieces;
    });
  }

  void run(const float* const* inputs, float* output, void* scratch) const {
    // As below, but sooner: the team's functions take longer than a small transfer.
    if (parts_.parts() == 1) {
      move(*static_cast<const Part*>(scratch), inputs, output);
      return fence();
    }
    parallel(parts_.parts(), [&](Team team) {
      parts_.each_part(team, scratch, [&](const Part& part, int) { move(part, inputs, output); });
      fence();
    });
  }

 private:
  /// A thread's part of one transfer: floats, or rows of a matrix.
  struct Piece {
    Movement movement;
    std::int64_t input;
    std::int64_t count;  // of the whole
    Range own;
  };

  struct Part {
    Piece of[Traffic::most];
  };

  Piece piece_of(const Transfer& transfer, int part) const {
    const auto [movement, input, count] = transfer;
    const Range own =
        movement == Movement::read_triangle   ? part_of_triangles(1, count, 1, part, parts_.parts())
        : movement == Movement::copy_triangle ? part_of_masked_rows(count, 1, 1.0, part, parts_.parts())
                                              : part_of_floats(count, part, parts_.parts());
    return {movement, input, count, own};
  }

  static void fence() {
    if constexpr (stores == Stores::streaming) stream_fence();
  }

  void move(const Part& part, const float* const* inputs, float* output) const {
    Lanes seen(0.0f);
    for (int i = 0; i < transfers_; ++i) {
      const Piece& piece = part.of[i];
      const float* const from = inputs[piece.input];
      const auto [begin, end] = piece.own;
      switch (piece.movement) {
        case Movement::none:
          break;
        case Movement::read:
          keep(seen = read_floats(from + begin, end - begin, seen));
          break;
        case Movement::read_triangle:
          keep(seen = read_triangle(from, piece.count, begin, end, seen));
          break;
        case Movement::copy:
          copy_floats<stores>(output + begin, from + begin, end - begin);
          break;
        case Movement::copy_triangle:
          for (std::int64_t t = begin; t < end; ++t)
            copy_masked_row<stores>(output + t * piece.count, from + t * piece.count, t + 1, piece.count,
                                    (end - t) * piece.count);
          break;
        case Movement::fill:
          fill_floats<stores>(output + begin, seen, end - begin);
          break;
      }
    }
  }

  PartTable<Part> parts_;
  int transfers_ = 0;
  Traffic traffic_;
};

}  // namespace trilbench::TRILBENCH_ISA::machine
