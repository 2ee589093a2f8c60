#include "peers/torch/library.hpp"

#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/ops/from_blob.h>
#include <dlfcn.h>
#include <torch/headeronly/version.h>

#include <algorithm>
#include <string>

#include "peers/peer.hpp"

namespace trilbench::torch {

at::Tensor view(const void* floats, at::IntArrayRef sizes) {
  return at::from_blob(const_cast<void*>(floats), sizes, at::kFloat);
}

at::Tensor truth_view(const bool* data, at::IntArrayRef sizes) {
  return at::from_blob(const_cast<bool*>(data), sizes, at::kBool);
}

void set_threads(const Problem& problem) { at::set_num_threads(problem.threads); }

bool Arrays::are(const Problem& problem, std::span<const float* const> inputs, const float* output,
                 const void* scratch) {
  decltype(addresses_) addresses = {output, scratch};
  std::copy(inputs.begin(), inputs.end(), addresses + 2);
  if (std::ranges::equal(addresses, addresses_) && problem.threads == problem_.threads &&
      std::ranges::equal(problem.sizes, problem_.sizes))
    return true;
  std::ranges::copy(addresses, addresses_);
  problem_ = problem;
  return false;
}

}  // namespace trilbench::torch

std::string trilbench::peer_library() {
  Dl_info info{};
  const bool known = dladdr(reinterpret_cast<void*>(&at::get_cpu_capability), &info) != 0;
  return "PyTorch " TORCH_VERSION ", " + at::get_cpu_capability() + ", " +
         (known && info.dli_fname ? info.dli_fname : "unknown");
}
