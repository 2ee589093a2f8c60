// The triangle of weights exists, one head's at a time: keys packed as columns and scaled, products with them
// by the tiles of a GEMM up to the diagonal, the softmax of each row, then a triangular product, which
// divides by the sums of weights (kernels/gemm, kernels/softmax). What a user of good kernels would write.
//
// Cost: B H T (T + 1) / 2 times 4 D flops and an exponential; the triangle is written and read three times
// over, from the caches while they hold it. Memory: T^2 + (T + 1) D floats for all threads.
#include "kernels/attention/packed_queries.hpp"
#include "kernels/gemm/triangular_gemm.hpp"
#include "kernels/softmax/row_softmax.hpp"
#include "operations/attention.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_attention {
namespace {

class Plan {
 public:
  Plan(const Problem& problem, const Machine& machine)
      : axes_(problem),
        weights_{axes_.T},
        grid_(TileGrid::of<TileTuning{}, Tile{}>(axes_.T, weights_.stride())),
        product_(1, axes_.T, axes_.D, problem.threads, machine),
        parts_(problem.threads) {}

  std::size_t scratch_bytes() const {
    return weights_.bytes() + static_cast<std::size_t>((axes_.D + 1) * weights_.stride()) * sizeof(float) +
           parts_.bytes() + product_.scratch_bytes();
  }

  void prepare(void* scratch) const {
    void* const parts = parts_in(scratch);
    parts_.prepare(parts, [this](int part) {
      return part_of_triangles(1, axes_.T, static_cast<int>(grid_.height()), part, parts_.parts());
    });
    product_.prepare(parts_.behind(parts));
  }

  void run(const float* const* inputs, float* y, void* scratch) const {
    const std::int64_t head_size = axes_.T * axes_.D;
    Triangle triangle = weights_.in(scratch);
    triangle.scale = scale_in(scratch);
    parallel(parts_.parts(), [&](Team team) {
      for (std::int64_t head = 0; head < axes_.B * axes_.H; ++head) {
        const std::int64_t past = axes_.kv_head(head) * head_size;
        pack_keys(team, inputs[1] + past, keys_in(scratch));
        team.barrier();
        parts_.each_part(team, parts_in(scratch),
                         [&](Range rows, int) { weigh(rows, inputs[0] + head * head_size, scratch); });
        team.barrier();
        product_.run(team, triangle, inputs[2] + past, y + head * head_size,
                     parts_.behind(parts_in(scratch)));
      }
    });
  }

  void explain(Explanation& say) const {
    say("weights", "the triangle of one head after the other, ",
        say.bytes(static_cast<std::int64_t>(weights_.bytes())), ", and its keys as columns");
    say("scores", "in the tiles that follow, up to the diagonal");
    grid_.explain(say);
    say("values", "a triangular product, as follows");
    product_.explain(say);
  }

 private:
  float* scale_in(void* scratch) const { return reinterpret_cast<float*>(weights_.behind(scratch)); }
  float* keys_in(void* scratch) const { return scale_in(scratch) + weights_.stride(); }
  void* parts_in(void* scratch) const { return keys_in(scratch) + axes_.D * weights_.stride(); }

  /// As columns, which go on to the end of a row.
  void pack_keys(Team team, const float* k, float* packed) const {
    const auto scale = static_cast<float>(attention_scale(axes_.D));
    const std::int64_t end = weights_.stride();
    for (std::int64_t t = team.thread * lanes; t < end; t += team.size * lanes) {
      const std::int64_t first = std::min(t, axes_.T - 1);
      const auto count = static_cast<int>(std::min<std::int64_t>(axes_.T - first, lanes));
      pack_queries(k + first * axes_.D, axes_.D, count, scale, packed + t, end);
    }
  }

  /// The weights of a head's rows and the reciprocals of their sums; q are all its queries.
  void weigh(Range rows, const float* q, void* scratch) const {
    for (std::int64_t row = rows.begin; row < rows.end; row += grid_.height()) {
      const std::int64_t end = std::min(row + grid_.height(), rows.end);
      for (std::int64_t i = 0; i < grid_.strips() && grid_.strip(i).column < end; ++i) {
        const TileGrid::Strip strip = grid_.strip(i);
        const TileSeries tile{.A = q + row * axes_.D,
                              .A_row = axes_.D,
                              .B = keys_in(scratch) + strip.column,
                              .B_row = weights_.stride(),
                              .out = weights_.row(scratch, row) + strip.column,
                              .out_row = weights_.stride(),
                              .terms = axes_.D,
                              .B_last = strip.last,
                              .out_last = strip.last};
        (end - row < grid_.height() ? grid_.lowest(strip) : grid_.whole(strip))(tile);
      }
      for (std::int64_t t = row; t < end; ++t) {
        float* const p = weights_.row(scratch, t);
        scale_in(scratch)[t] = 1.0f / row_softmax(p, p, t + 1);
      }
    }
  }

  AttentionAxes axes_;
  OwnTriangle weights_;
  TileGrid grid_;
  TriangularGemm<TileTuning{}, true> product_;
  PartTable<Range> parts_;
};

}  // namespace

extern const Implementation materialised = {
    .idea =
        "the triangle of weights exists: products, softmax, product, by the suite's kernels, O(T^2) memory",
    .flops = {.per_term = 4, .per_weight = flops_of_exponential + 3},
    .kernel = kernel_of<Plan>(),
};

}  // namespace trilbench::TRILBENCH_ISA::causal_attention
