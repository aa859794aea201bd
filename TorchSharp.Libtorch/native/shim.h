#pragma once

#include <ATen/ATen.h>

#include <string>
#include <vector>

#define TORCHSHARP_API extern "C" __attribute__((visibility("default")))

namespace shim {

using Impl = c10::TensorImpl;
using ImplPtr = c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>;

extern thread_local std::string last_error;

void remember_error() noexcept;

// Runs `body`; an exception becomes last_error and the result `failed`.
template <class T, class F>
T guard(T failed, F&& body) noexcept {
  try {
    return body();
  } catch (...) {
    remember_error();
    return failed;
  }
}

// A new reference to the tensor behind a managed handle; null is the undefined tensor.
inline at::Tensor tensor(Impl* handle) {
  return handle ? at::Tensor(ImplPtr::reclaim_copy(handle)) : at::Tensor();
}

// Hands the reference to the managed side; the undefined tensor is null.
inline Impl* give(at::Tensor t) {
  return t.defined() ? t.unsafeReleaseTensorImpl() : nullptr;
}

inline std::vector<at::Tensor> tensors(Impl** handles, int64_t count) {
  std::vector<at::Tensor> result;
  result.reserve(count);
  for (int64_t i = 0; i < count; ++i) result.push_back(tensor(handles[i]));
  return result;
}

}  // namespace shim
