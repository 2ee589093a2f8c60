// PyTorch's CPU generator, bit for bit: the notebooks' numbers, and every benchmark's inputs.
//
// randn of 16 elements and more has several code paths in PyTorch. This is the one it takes on x86-64 with
// AVX2 and FMA (AVX-512 machines too), and it gives the same bits on every machine. On other CPUs PyTorch
// itself goes through its libm and draws slightly different values.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <span>

namespace trilbench {

/// Turns uniforms into normals, in blocks of 16: by the instruction for std::fma, which AVX2 brings with it,
/// or by calls of it; the bits are the same.
void normals_of_uniforms(std::span<float> blocks, bool instruction);

class TorchGenerator {
 public:
  /// torch.manual_seed(seed). Only the low 32 bits count, as in PyTorch.
  explicit TorchGenerator(std::uint64_t seed);

  std::uint32_t random32();
  std::uint64_t random64();

  /// torch.rand: uniform on [0, 1) in steps of 2^-24.
  void rand(std::span<float> out);

  /// torch.randn of a contiguous float32 tensor with out.size() elements; fewer than 16 are drawn in another
  /// way. Takes about 25 ns an element.
  void randn(std::span<float> out);

  /// torch.randint(low, high, ...): whole numbers in [low, high), or std::invalid_argument if there are none.
  void randint(std::int64_t low, std::int64_t high, std::span<std::int64_t> out);

 private:
  double normal();

  std::mt19937 engine_;
  std::optional<double> cached_normal_;  // `normal` makes two at a time; the second waits here, across calls
};

}  // namespace trilbench
