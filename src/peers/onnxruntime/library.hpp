// ONNX Runtime, loaded when it is first asked for, by its C interface: a table of functions whose places
// never change, and of which nothing else is needed. Its header comes with no Python package.
#pragma once

#include <string>
#include <vector>

#include "peers/onnxruntime/model.hpp"
#include "suite/problem.hpp"

namespace trilbench::onnxruntime {

/// Why there is no library; empty if there is.
const std::string& missing();

/// A model made ready for a number of threads, and the arrays that it was last called with. A user keeps both
/// from call to call, so what it takes to tell the library of our arrays, some microseconds, is left out of
/// the time: they are told anew where they are others than in the call before.
class Session {
 public:
  Session() = default;
  Session(const Model& model, int threads);
  Session(Session&&) = delete;
  ~Session();

  /// Addresses in the order of the model's inputs, then of its outputs.
  void run(const std::vector<const void*>& arrays);

 private:
  void forget();

  Model model_;
  void* session_ = nullptr;
  std::vector<const void*> arrays_;
  std::vector<void*> values_;
  std::vector<const char*> names_;
};

}  // namespace trilbench::onnxruntime
