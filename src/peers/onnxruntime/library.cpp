#include "peers/onnxruntime/library.hpp"

#include <dlfcn.h>

#include <cstdlib>
#include <stdexcept>

#include "peers/peer.hpp"
#include "suite/floating_point_mode.hpp"

namespace trilbench::onnxruntime {
namespace {

struct Base {
  void* const* (*functions)(std::uint32_t version);
  const char* (*version)();
};

/// Places in OrtApi of version 1; later versions only append.
enum Place {
  error_message = 2,
  create_environment = 3,
  create_session_from_array = 8,
  run = 9,
  create_session_options = 10,
  set_intra_op_threads = 24,
  set_inter_op_threads = 25,
  create_tensor_with_data = 49,
  create_cpu_memory_info = 69,
  release_session = 95,
  release_value = 96,
  release_session_options = 100,
};

struct Library {
  const Base* base = nullptr;
  void* const* functions = nullptr;
  void* environment = nullptr;
  void* memory = nullptr;  // the CPU's
  std::string description, missing;
};

template <class... Arguments>
void call(void* const* functions, Place place, Arguments... arguments) {
  void* const status = reinterpret_cast<void* (*)(Arguments...)>(functions[place])(arguments...);
  if (status)
    throw std::runtime_error(std::string("ONNX Runtime: ") +
                             reinterpret_cast<const char* (*)(void*)>(functions[error_message])(status));
}

void release(void* const* functions, Place place, void* what) {
  if (what) reinterpret_cast<void (*)(void*)>(functions[place])(what);
}

std::string path_of(const void* address) {
  Dl_info info{};
  return dladdr(address, &info) != 0 && info.dli_fname ? info.dli_fname : "unknown";
}

Library load() {
  const char* chosen = std::getenv("TRILBENCH_ONNXRUNTIME");
  if (chosen && !*chosen) chosen = nullptr;
  const std::uint64_t mode = floating_point_mode();
  void* const handle = dlopen(chosen ? chosen : "libonnxruntime.so.1", RTLD_NOW | RTLD_LOCAL);
  Library library;
  if (!handle) {
    library.missing = chosen ? std::string("TRILBENCH_ONNXRUNTIME cannot be loaded: ") + dlerror()
                             : "there is no ONNX Runtime; scripts/bench --peers installs it where it can";
    return library;
  }
  const auto base = reinterpret_cast<const Base* (*)()>(dlsym(handle, "OrtGetApiBase"));
  if (!base) {
    library.missing = "the library found lacks OrtGetApiBase";
    return library;
  }
  library.base = base();
  library.functions = library.base->functions(1);
  if (!library.functions) {
    library.missing = "the library found has no OrtApi of version 1";
    return library;
  }
  constexpr int errors = 3, device_allocator = 0, default_memory = 0;
  try {
    call(library.functions, create_environment, errors, "trilbench", &library.environment);
    call(library.functions, create_cpu_memory_info, device_allocator, default_memory, &library.memory);
  } catch (const std::runtime_error& error) {
    library.missing = error.what();
  }
  const bool kept = restore_floating_point_mode(mode, 1);
  library.description = std::string("ONNX Runtime ") + library.base->version() + ", " +
                        path_of(reinterpret_cast<const void*>(base)) +
                        (kept ? "" : "; loading it changed the floating-point mode, which was put back");
  return library;
}

const Library& library() {
  static const Library loaded = load();
  return loaded;
}

}  // namespace

const std::string& missing() { return library().missing; }

Session::Session(const Model& model, int threads) : model_(model) {
  void* const* const functions = library().functions;
  void* options = nullptr;
  call(functions, create_session_options, &options);
  call(functions, set_intra_op_threads, options, threads);
  call(functions, set_inter_op_threads, options, 1);
  const std::string bytes = model.bytes();
  call(functions, create_session_from_array, library().environment, static_cast<const void*>(bytes.data()),
       bytes.size(), options, &session_);
  release(functions, release_session_options, options);
  for (const auto* tensors : {&model_.inputs, &model_.outputs})
    for (const Tensor& tensor : *tensors) names_.push_back(tensor.name.c_str());
}

Session::~Session() {
  forget();
  release(library().functions, release_session, session_);
}

void Session::forget() {
  for (void* const value : values_) release(library().functions, release_value, value);
  values_.clear();
  arrays_.clear();
}

void Session::run(const std::vector<const void*>& arrays) {
  void* const* const functions = library().functions;
  if (arrays != arrays_) {
    forget();
    for (const auto* tensors : {&model_.inputs, &model_.outputs})
      for (const Tensor& tensor : *tensors) {
        std::size_t bytes = 4;  // of either element
        for (const std::int64_t size : tensor.sizes) bytes *= static_cast<std::size_t>(size);
        void* const array = const_cast<void*>(arrays[values_.size()]);
        call(functions, create_tensor_with_data, library().memory, array, bytes, tensor.sizes.data(),
             tensor.sizes.size(), static_cast<int>(tensor.element), &values_.emplace_back());
      }
    arrays_ = arrays;
  }
  const std::size_t inputs = model_.inputs.size(), outputs = model_.outputs.size();
  call(functions, onnxruntime::run, session_, static_cast<const void*>(nullptr), names_.data(),
       values_.data(), inputs, names_.data() + inputs, outputs, values_.data() + inputs);
}

}  // namespace trilbench::onnxruntime

std::string trilbench::peer_library() {
  return onnxruntime::missing().empty() ? onnxruntime::library().description : onnxruntime::missing();
}
