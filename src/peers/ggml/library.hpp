// ggml, on which llama.cpp and whisper.cpp stand, loaded when it is first asked for, by its C interface.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace trilbench::ggml {

/// Why there is no library; empty if there is.
const std::string& missing();

/// What attends to what; sizes as ggml has them, the last axis first.
struct Shape {
  using Sizes = std::array<std::int64_t, 4>;
  Sizes q;            // [D, queries, heads, batch]
  Sizes kv;           // [D, capacity, heads, batch]
  std::int64_t keys;  // that are filled, of the capacity
};

/// Its attention made ready for a number of threads, and the arrays that it was last called with. A user
/// keeps both from call to call; it is told of them anew where they are others than in the call before.
class Session {
 public:
  using Arrays = std::array<const void*, 5>;

  Session(const Shape& shape, int threads);
  Session(Session&&) = delete;
  ~Session();

  /// Addresses of q, k, v, the mask (or none), and the result, which ggml writes as [batch, queries, heads,
  /// D].
  void run(const Arrays& arrays);

 private:
  void make(const Arrays& arrays);
  void forget();
  /// Tells ggml that the tensor lies in our array.
  void place(void* tensor, const void* array);

  Shape shape_;
  Arrays arrays_{};
  void *threads_, *backend_, *context_ = nullptr, *graph_ = nullptr;
  std::vector<void*> buffers_;
};

}  // namespace trilbench::ggml
