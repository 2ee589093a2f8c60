#pragma once

#include "suite/implementation.hpp"

namespace trilbench::torch {

namespace causal_attention {
extern const Implementation sdpa, masked_fill;
}
namespace attention_decode {
extern const Implementation sdpa, sdpa_grouped;
}

}  // namespace trilbench::torch
