#include "peers/onnxruntime/model.hpp"

namespace trilbench::onnxruntime {
namespace {

/// A message: fields one after the other, each its number, its kind, and what it holds.
class Message {
 public:
  Message& number(int field, std::int64_t value) {
    varint(static_cast<std::uint64_t>(field) << 3);
    varint(static_cast<std::uint64_t>(value));
    return *this;
  }
  Message& text(int field, const std::string& value) {
    varint(static_cast<std::uint64_t>(field) << 3 | 2);
    varint(value.size());
    bytes_ += value;
    return *this;
  }
  Message& message(int field, const Message& value) { return text(field, value.bytes_); }

  const std::string& bytes() const { return bytes_; }

 private:
  /// Seven bits a byte, the lowest first.
  void varint(std::uint64_t value) {
    for (; value >= 128; value >>= 7) bytes_ += static_cast<char>(value % 128 + 128);
    bytes_ += static_cast<char>(value);
  }

  std::string bytes_;
};

// The numbers of the fields are those of onnx.proto.

Message described(const Tensor& tensor) {
  Message shape;
  for (const std::int64_t size : tensor.sizes) shape.message(1, Message().number(1, size));
  const Message type = Message().number(1, static_cast<int>(tensor.element)).message(2, shape);
  return Message().text(1, tensor.name).message(2, Message().message(1, type));
}

Message described(const Node& node) {
  Message message;
  for (const std::string& input : node.inputs) message.text(1, input);
  for (const std::string& output : node.outputs) message.text(2, output);
  message.text(4, node.operation).text(7, node.domain);
  constexpr int is_integer = 2;
  for (const auto& [name, value] : node.attributes)
    message.message(5, Message().text(1, name).number(3, value).number(20, is_integer));
  return message;
}

Message version(const char* domain, int number) { return Message().text(1, domain).number(2, number); }

}  // namespace

std::string Model::bytes() const {
  Message graph;
  for (const Node& node : nodes) graph.message(1, described(node));
  graph.text(2, "trilbench");
  for (const Tensor& input : inputs) graph.message(11, described(input));
  for (const Tensor& output : outputs) graph.message(12, described(output));
  constexpr int format = 8;
  return Message()
      .number(1, format)
      .message(7, graph)
      .message(8, version("", 17))
      .message(8, version("com.microsoft", 1))
      .bytes();
}

}  // namespace trilbench::onnxruntime
