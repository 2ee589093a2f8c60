// What users of these libraries compute, for the tables of routines in src/peers/<library>/routines.cpp.
#pragma once

#include "suite/implementation.hpp"

namespace trilbench::cblas {

namespace attention_decode {
extern const Implementation sgemm_softmax, sgemv_softmax;
}
namespace causal_attention {
extern const Implementation sgemm_softmax;
}
namespace causal_mean {
extern const Implementation sgemm, strmm;
}
namespace tril_matmul {
extern const Implementation sgemm, strmm;
}
namespace broadcast_matmul {
extern const Implementation sgemm, sgemm_batch;
}

}  // namespace trilbench::cblas
