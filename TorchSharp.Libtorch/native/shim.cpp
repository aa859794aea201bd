// The native half of TorchSharp.Libtorch.
//
// Every operator goes through one door, libtorch's dispatcher: `torchsharp_find` resolves (name, overload) once,
// `torchsharp_call` takes the arguments as an array of tagged Values and leaves the results in another.
//
// A managed tensor handle IS the TensorImpl*, holding one reference: arguments are borrowed, results are given away
// and come back to `torchsharp_release`. Null is the undefined tensor. A generator handle is a GeneratorImpl* likewise.
//
// A call that fails returns null (or -1) and leaves its message in `torchsharp_error`, per thread.
#include "shim.h"

#include <ATen/Parallel.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/version.h>

namespace shim {

thread_local std::string last_error;

void remember_error() noexcept {
  try {
    throw;
  } catch (const c10::Error& e) {
    last_error = e.what_without_backtrace();
  } catch (const std::exception& e) {
    last_error = e.what();
  } catch (...) {
    last_error = "libtorch threw something that is not an exception.";
  }
}

enum Tag : int32_t { kNone, kTensor, kInt, kDouble, kBool, kInts, kTensors, kDevice, kGenerator, kString };

struct Value {
  Tag tag;
  int32_t extra;  // a list's length, a device's index
  union {
    int64_t i;
    double d;
    void* p;
  };
};

c10::List<at::Tensor> tensor_list(Impl** handles, int64_t count) {
  c10::List<at::Tensor> list;
  list.reserve(count);
  for (int64_t i = 0; i < count; ++i) list.push_back(tensor(handles[i]));
  return list;
}

at::Generator generator(void* handle) {
  return at::Generator(c10::intrusive_ptr<c10::GeneratorImpl>::reclaim_copy(static_cast<c10::GeneratorImpl*>(handle)));
}

at::Device device(int64_t type, int64_t index) {
  return at::Device(static_cast<at::DeviceType>(type), static_cast<c10::DeviceIndex>(index));
}

c10::IValue unpack(const Value& v) {
  switch (v.tag) {
    case kTensor: return tensor(static_cast<Impl*>(v.p));
    case kInt: return v.i;
    case kDouble: return v.d;
    case kBool: return v.i != 0;
    case kInts: return c10::IntArrayRef(static_cast<int64_t*>(v.p), v.extra);
    case kTensors: return tensor_list(static_cast<Impl**>(v.p), v.extra);
    case kDevice: return device(v.i, v.extra);
    case kGenerator: return generator(v.p);
    case kString: return std::string(static_cast<char*>(v.p), v.extra);
    default: return c10::IValue();
  }
}

Value pack_tensor(at::Tensor t) {
  Value v{kTensor, 0, {0}};
  v.p = give(std::move(t));
  return v;
}

void pack(c10::IValue&& value, std::vector<Value>& out) {
  Value v{kNone, 0, {0}};
  if (value.isTensor()) {
    v = pack_tensor(std::move(value).toTensor());
  } else if (value.isTensorList()) {
    for (auto& t : value.toTensorVector()) out.push_back(pack_tensor(t));
    return;
  } else if (value.isInt()) {
    v.tag = kInt, v.i = value.toInt();
  } else if (value.isDouble()) {
    v.tag = kDouble, v.d = value.toDouble();
  } else if (value.isBool()) {
    v.tag = kBool, v.i = value.toBool();
  }
  out.push_back(v);
}

// One stack a thread, so that a call allocates nothing; it is left empty whatever happens.
struct Arguments {
  c10::Stack& stack;
  static c10::Stack& own() {
    thread_local c10::Stack s;
    return s;
  }
  Arguments() : stack(own()) {}
  Arguments(const Value* args, int32_t count) : Arguments() {  // delegating: the destructor runs even if unpack throws
    for (int32_t i = 0; i < count; ++i) stack.push_back(unpack(args[i]));
  }
  ~Arguments() { stack.clear(); }
};

struct Info {
  const int64_t *sizes, *strides;
  void* data;
  int64_t dim, numel, offset;
  int32_t dtype, itemsize, device_type, device_index, requires_grad, is_leaf, is_contiguous;
};

}  // namespace shim

using namespace shim;

TORCHSHARP_API const char* torchsharp_error() { return last_error.c_str(); }
TORCHSHARP_API const char* torchsharp_version() { return TORCH_VERSION; }

TORCHSHARP_API void* torchsharp_find(const char* name, const char* overload) {
  return guard<void*>(nullptr, [&] {
    return new c10::OperatorHandle(c10::Dispatcher::singleton().findSchemaOrThrow(name, overload));
  });
}

// The one result, a tensor. Null: an error if *failed is set, else the undefined tensor.
TORCHSHARP_API Impl* torchsharp_call1(c10::OperatorHandle* op, const Value* args, int32_t count, int32_t* failed) {
  try {
    Arguments a(args, count);
    op->callBoxed(&a.stack);
    return give(std::move(a.stack.back()).toTensor());
  } catch (...) {
    remember_error();
    *failed = 1;
    return nullptr;
  }
}

// Any results; a list result counts as its elements. They are at *results until this thread's next call.
TORCHSHARP_API int64_t torchsharp_call(c10::OperatorHandle* op, const Value* args, int32_t count, Value** results) {
  thread_local std::vector<Value> out;
  return guard<int64_t>(-1, [&] {
    Arguments a(args, count);
    op->callBoxed(&a.stack);
    out.clear();
    for (auto& value : a.stack) pack(std::move(value), out);
    *results = out.data();
    return static_cast<int64_t>(out.size());
  });
}

TORCHSHARP_API void torchsharp_release(Impl* handle) { ImplPtr::reclaim(handle); }
TORCHSHARP_API Impl* torchsharp_retain(Impl* handle) { return ImplPtr::reclaim_copy(handle).release(); }

TORCHSHARP_API int32_t torchsharp_info(Impl* handle, Info* info) {
  return guard<int32_t>(-1, [&] {
    at::Tensor t = tensor(handle);
    bool strided = t.layout() == at::kStrided;
    bool real = strided && t.has_storage() && !t.is_meta();
    *info = {t.sizes().data(), strided ? t.strides().data() : nullptr, real ? t.data_ptr() : nullptr, t.dim(),
             t.numel(), strided ? t.storage_offset() : 0, static_cast<int32_t>(t.scalar_type()),
             static_cast<int32_t>(t.itemsize()), static_cast<int32_t>(t.device().type()), t.device().index(),
             t.requires_grad(), t.is_leaf(), strided && t.is_contiguous()};
    return 0;
  });
}

TORCHSHARP_API int32_t torchsharp_set_requires_grad(Impl* handle, int32_t value) {
  return guard<int32_t>(-1, [&] { return tensor(handle).set_requires_grad(value != 0), 0; });
}

TORCHSHARP_API int32_t torchsharp_retain_grad(Impl* handle) {
  return guard<int32_t>(-1, [&] { return tensor(handle).retain_grad(), 0; });
}

TORCHSHARP_API int32_t torchsharp_grad_enabled() { return c10::GradMode::is_enabled(); }
TORCHSHARP_API void torchsharp_set_grad_enabled(int32_t value) { c10::GradMode::set_enabled(value != 0); }

// Fills results[0..inputs); an input that was not used gives null.
TORCHSHARP_API int32_t torchsharp_grad(Impl** outputs, int64_t n_outputs, Impl** inputs, int64_t n_inputs,
                                       Impl** grads, int64_t n_grads, int32_t retain_graph, int32_t create_graph,
                                       int32_t allow_unused, Impl** results) {
  return guard<int32_t>(-1, [&] {
    auto found = torch::autograd::grad(tensors(outputs, n_outputs), tensors(inputs, n_inputs), tensors(grads, n_grads),
                                       retain_graph != 0, create_graph != 0, allow_unused != 0);
    for (auto& t : found) *results++ = give(std::move(t));
    return 0;
  });
}

TORCHSHARP_API int32_t torchsharp_backward(Impl** outputs, int64_t n_outputs, Impl** grads, int64_t n_grads,
                                           int32_t retain_graph, int32_t create_graph, Impl** inputs,
                                           int64_t n_inputs) {
  return guard<int32_t>(-1, [&] {
    torch::autograd::backward(tensors(outputs, n_outputs), tensors(grads, n_grads), retain_graph != 0,
                              create_graph != 0, tensors(inputs, n_inputs));
    return 0;
  });
}

// A generator of our own is a copy of the device's default one: that needs no header of the device.
TORCHSHARP_API void* torchsharp_generator(int32_t type, int32_t index, int32_t is_default) {
  return guard<void*>(nullptr, [&]() -> void* {
    at::Generator g = at::globalContext().defaultGenerator(device(type, index));
    if (!is_default) {
      std::lock_guard<std::mutex> lock(g.mutex());
      g = g.clone();
    }
    return c10::intrusive_ptr<c10::GeneratorImpl>(g.getIntrusivePtr()).release();
  });
}

TORCHSHARP_API void torchsharp_generator_release(void* handle) {
  c10::intrusive_ptr<c10::GeneratorImpl>::reclaim(static_cast<c10::GeneratorImpl*>(handle));
}

TORCHSHARP_API int32_t torchsharp_generator_set_seed(void* handle, int64_t seed) {
  return guard<int32_t>(-1, [&] {
    at::Generator g = generator(handle);
    std::lock_guard<std::mutex> lock(g.mutex());
    g.set_current_seed(static_cast<uint64_t>(seed));
    return 0;
  });
}

TORCHSHARP_API int64_t torchsharp_generator_seed(void* handle) { return generator(handle).current_seed(); }

TORCHSHARP_API int32_t torchsharp_manual_seed(int64_t seed) {
  return guard<int32_t>(-1, [&] { return at::manual_seed(static_cast<uint64_t>(seed)), 0; });
}

TORCHSHARP_API int32_t torchsharp_cuda_devices() {
  return guard<int32_t>(0, [] { return at::hasCUDA() ? static_cast<int32_t>(at::getNumGPUs()) : 0; });
}
TORCHSHARP_API int32_t torchsharp_has_cudnn() {
  return guard<int32_t>(0, [] { return at::hasCUDA() && at::globalContext().hasCuDNN() ? 1 : 0; });
}

TORCHSHARP_API int32_t torchsharp_threads() { return at::get_num_threads(); }
TORCHSHARP_API int32_t torchsharp_set_threads(int32_t n) {
  return guard<int32_t>(-1, [&] { return at::set_num_threads(n), 0; });
}

TORCHSHARP_API int32_t torchsharp_tf32(int32_t cudnn) {
  return guard<int32_t>(-1, [&] {
    auto& context = at::globalContext();
    return static_cast<int32_t>(cudnn ? context.allowTF32CuDNN() : context.allowTF32CuBLAS());
  });
}

TORCHSHARP_API int32_t torchsharp_set_tf32(int32_t cudnn, int32_t value) {
  return guard<int32_t>(-1, [&] {
    auto& context = at::globalContext();
    cudnn ? context.setAllowTF32CuDNN(value != 0) : context.setAllowTF32CuBLAS(value != 0);
    return 0;
  });
}
