// A model of ONNX Runtime's, in the few fields of ONNX that one needs whose sizes are all known: nodes,
// inputs and outputs. It is a message of Protocol Buffers, whose fields are written here as they lie in a
// file.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace trilbench::onnxruntime {

/// Of the tensors: ONNX's numbers.
enum class Element { f32 = 1, i32 = 6 };

struct Tensor {
  std::string name;
  Element element;
  std::vector<std::int64_t> sizes;
};

struct Node {
  const char* domain;  // "" of ONNX's own
  const char* operation;
  std::vector<std::string> inputs, outputs;
  std::vector<std::pair<const char*, std::int64_t>> attributes;
};

struct Model {
  std::vector<Tensor> inputs, outputs;
  std::vector<Node> nodes;

  std::string bytes() const;
};

}  // namespace trilbench::onnxruntime
