// PyTorch's CPU generator, bit for bit: the notebooks' numbers, and every benchmark's inputs.
//
// randn of 16 elements and more follows the code path that PyTorch takes on x86-64 with AVX2 (also on AVX-512
// machines). Elsewhere PyTorch itself draws slightly different values (its libm, other roundings); this generator
// gives the AVX2 path's bits on every machine.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <span>

namespace trilbench {

class TorchGenerator {
 public:
  /// torch.manual_seed(seed)
  explicit TorchGenerator(std::uint64_t seed);

  std::uint32_t random32();
  std::uint64_t random64();

  /// torch.rand: uniform on [0, 1) in steps of 2^-24.
  void rand(std::span<float> out);

  /// torch.randn of a contiguous float32 tensor with out.size() elements.
  void randn(std::span<float> out);

  /// torch.randint(low, high, ...): uniform whole numbers in [low, high). Throws std::invalid_argument if empty.
  void randint(std::int64_t low, std::int64_t high, std::span<std::int64_t> out);

 private:
  std::mt19937 engine_;
  std::optional<double> cached_normal_;  // short draws make normals in pairs; the second waits here
};

/// Whether PyTorch on this kind of machine would draw these very bits (x86-64; it lacks the AVX2 path elsewhere).
bool torch_draws_these_bits_here();

}  // namespace trilbench
