#include "peers/ggml/library.hpp"

#include <dlfcn.h>

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "peers/peer.hpp"
#include "suite/floating_point_mode.hpp"
#include "suite/isa.hpp"

namespace trilbench::ggml {
namespace {

struct ContextSettings {
  std::size_t bytes;
  void* memory;
  bool without_data;  // of the tensors, which lies elsewhere
};

/// The functions that are used, by their own names; their arguments are those of ggml.h, ggml-backend.h and
/// ggml-cpu.h.
struct Library {
  using Size = std::int64_t;

  const char* (*version)();
  int (*cpu_has_avx2)();
  int (*cpu_has_avx512)();
  void* (*backend_cpu_init)();
  void (*backend_free)(void* backend);
  void (*backend_cpu_set_n_threads)(void* backend, int threads);
  void (*backend_cpu_set_threadpool)(void* backend, void* pool);
  void (*threadpool_params_init)(void* settings, int threads);
  void* (*threadpool_new)(void* settings);
  void (*threadpool_free)(void* pool);
  void* (*init)(ContextSettings);
  void (*free)(void* context);
  std::size_t (*tensor_overhead)();
  std::size_t (*graph_overhead)();
  void* (*new_tensor_4d)(void* context, int type, Size, Size, Size, Size);
  void* (*view_4d)(void* context, void* of, Size, Size, Size, Size, std::size_t, std::size_t, std::size_t,
                   std::size_t offset);
  std::size_t (*nbytes)(const void* tensor);
  void* (*flash_attn_ext)(void* context, void* q, void* k, void* v, void* mask, float scale, float bias,
                          float softcap);
  void* (*new_graph)(void* context);
  void (*build_forward_expand)(void* graph, void* result);
  void* (*backend_cpu_buffer_from_ptr)(void* address, std::size_t bytes);
  void (*backend_buffer_free)(void* buffer);
  int (*backend_tensor_alloc)(void* buffer, void* tensor, void* address);
  int (*backend_view_init)(void* view);
  int (*backend_graph_compute)(void* backend, void* graph);

  std::string description, missing;
};

/// Of ggml's types of elements.
enum Type { f32 = 0, f16 = 1 };

void check(int status) {
  if (status != 0) throw std::runtime_error("ggml: status " + std::to_string(status));
}

std::string path_of(const void* address) {
  Dl_info info{};
  return dladdr(address, &info) != 0 && info.dli_fname ? info.dli_fname : "unknown";
}

/// Earlier versions end the program over a mask that is not padded; 0.20 is the oldest that was tried.
bool too_old(const char* version) {
  int major = 0, minor = 0;
  std::sscanf(version, "%d.%d", &major, &minor);
  return std::pair(major, minor) < std::pair(0, 20);
}

/// Fills in the functions of the file; why it is of no use, if it is of none.
std::string find_functions(void* file, Library& library) {
  std::string lacking;
  const auto find = [&](const char* name, auto*& function) {
    void* const address = dlsym(file, name);
    if (!address && lacking.empty()) lacking = name;
    function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(address);
  };
  find("ggml_version", library.version);
  if (library.version && too_old(library.version()))
    return std::string("the library found is ggml ") + library.version() + ", and 0.20 is needed";
  find("ggml_cpu_has_avx2", library.cpu_has_avx2);
  find("ggml_cpu_has_avx512", library.cpu_has_avx512);
  find("ggml_backend_cpu_init", library.backend_cpu_init);
  find("ggml_backend_free", library.backend_free);
  find("ggml_backend_cpu_set_n_threads", library.backend_cpu_set_n_threads);
  find("ggml_backend_cpu_set_threadpool", library.backend_cpu_set_threadpool);
  find("ggml_threadpool_params_init", library.threadpool_params_init);
  find("ggml_threadpool_new", library.threadpool_new);
  find("ggml_threadpool_free", library.threadpool_free);
  find("ggml_init", library.init);
  find("ggml_free", library.free);
  find("ggml_tensor_overhead", library.tensor_overhead);
  find("ggml_graph_overhead", library.graph_overhead);
  find("ggml_new_tensor_4d", library.new_tensor_4d);
  find("ggml_view_4d", library.view_4d);
  find("ggml_nbytes", library.nbytes);
  find("ggml_flash_attn_ext", library.flash_attn_ext);
  find("ggml_new_graph", library.new_graph);
  find("ggml_build_forward_expand", library.build_forward_expand);
  find("ggml_backend_cpu_buffer_from_ptr", library.backend_cpu_buffer_from_ptr);
  find("ggml_backend_buffer_free", library.backend_buffer_free);
  find("ggml_backend_tensor_alloc", library.backend_tensor_alloc);
  find("ggml_backend_view_init", library.backend_view_init);
  find("ggml_backend_graph_compute", library.backend_graph_compute);
  if (!lacking.empty()) return "the library found lacks " + lacking;
  // Extensions beyond these sets, as of a build with AVX-512 VNNI on a CPU without it, are the user's affair.
  for (const auto& [compiled_for, set] :
       {std::pair{library.cpu_has_avx2, Isa::avx2}, std::pair{library.cpu_has_avx512, Isa::avx512}})
    if (compiled_for() != 0 && !why_unsupported(set).empty())
      return "the library found is compiled for " + std::string(name_of(set)) + ": " + why_unsupported(set);
  return "";
}

/// What it was compiled for: it looks for nothing when it runs.
const char* compiled_set(const Library& library) {
  if (library.cpu_has_avx512() != 0) return "compiled for avx512";
  return library.cpu_has_avx2() != 0 ? "compiled for avx2" : "compiled for neither avx2 nor avx512";
}

Library load() {
  const char* chosen = std::getenv("TRILBENCH_GGML");
  if (chosen && !*chosen) chosen = nullptr;
  const std::uint64_t mode = floating_point_mode();
  Library library{};
  void* const file = dlopen(chosen ? chosen : "libggml-cpu.so.0", RTLD_NOW | RTLD_LOCAL);
  if (file)
    library.missing = find_functions(file, library);
  else if (chosen)
    library.missing = std::string("TRILBENCH_GGML cannot be loaded: ") + dlerror();
  else
    library.missing = "there is no ggml; scripts/bench --peers installs it where it can";
  const bool kept = restore_floating_point_mode(mode, 1);
  if (!library.missing.empty()) return library;
  library.description = std::string("ggml ") + library.version() + ", " + compiled_set(library) + ", " +
                        path_of(reinterpret_cast<const void*>(library.backend_cpu_init)) +
                        (kept ? "" : "; loading it changed the floating-point mode, which was put back");
  return library;
}

const Library& library() {
  static const Library loaded = load();
  return loaded;
}

void* tensor(void* context, Type type, const Shape::Sizes& sizes) {
  return library().new_tensor_4d(context, type, sizes[0], sizes[1], sizes[2], sizes[3]);
}

}  // namespace

const std::string& missing() { return library().missing; }

Session::Session(const Shape& shape, int threads) : shape_(shape) {
  alignas(16) std::byte settings[4096];  // of its threads, 528 bytes today
  library().threadpool_params_init(settings, threads);
  threads_ = library().threadpool_new(settings);
  backend_ = library().backend_cpu_init();
  library().backend_cpu_set_n_threads(backend_, threads);
  library().backend_cpu_set_threadpool(backend_, threads_);
}

Session::~Session() {
  forget();
  library().backend_free(backend_);
  library().threadpool_free(threads_);
}

void Session::forget() {
  if (context_) library().free(context_);
  context_ = nullptr;
  for (void* const buffer : buffers_) library().backend_buffer_free(buffer);
  buffers_.clear();
  arrays_ = {};
}

void Session::place(void* tensor, const void* array) {
  constexpr std::uintptr_t alignment = 64;  // of a buffer, not of a tensor in it
  const auto address = reinterpret_cast<std::uintptr_t>(array), begin = address / alignment * alignment;
  void* const buffer = library().backend_cpu_buffer_from_ptr(
      reinterpret_cast<void*>(begin), library().nbytes(tensor) + static_cast<std::size_t>(address - begin));
  buffers_.push_back(buffer);
  check(library().backend_tensor_alloc(buffer, tensor, const_cast<void*>(array)));
}

void Session::make(const Arrays& arrays) {
  forget();
  constexpr std::size_t tensors = 8;
  context_ =
      library().init({tensors * library().tensor_overhead() + library().graph_overhead(), nullptr, true});
  const auto [D, capacity, heads, batch] = shape_.kv;
  const std::int64_t queries = shape_.q[1];
  void* const q = tensor(context_, f32, shape_.q);
  place(q, arrays[0]);
  void* kv[2];
  for (std::size_t i = 0; i < 2; ++i) {
    void* const whole = tensor(context_, f32, shape_.kv);
    place(whole, arrays[1 + i]);
    const auto row = static_cast<std::size_t>(D) * sizeof(float),
               head = row * static_cast<std::size_t>(capacity);
    kv[i] = library().view_4d(context_, whole, D, shape_.keys, heads, batch, row, head,
                              head * static_cast<std::size_t>(heads), 0);
    check(library().backend_view_init(kv[i]));
  }
  void* const mask = arrays[3] ? tensor(context_, f16, {shape_.keys, queries, 1, 1}) : nullptr;
  if (mask) place(mask, arrays[3]);
  void* const y = library().flash_attn_ext(context_, q, kv[0], kv[1], mask,
                                           static_cast<float>(1 / std::sqrt(static_cast<double>(D))), 0, 0);
  place(y, arrays[4]);
  graph_ = library().new_graph(context_);
  library().build_forward_expand(graph_, y);
  arrays_ = arrays;
}

void Session::run(const Arrays& arrays) {
  if (arrays != arrays_) make(arrays);
  check(library().backend_graph_compute(backend_, graph_));
}

}  // namespace trilbench::ggml

std::string trilbench::peer_library() {
  return ggml::missing().empty() ? ggml::library().description : ggml::missing();
}
