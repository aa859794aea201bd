// What libtorch has in C++ alone: torch::nn::RNN, torch::nn::RNNCell, packed sequences, clip_grad_norm_.
// A module handle is a Module, a packed sequence travels as its four tensors.
#include "shim.h"

#include <torch/nn/modules/rnn.h>
#include <torch/nn/utils/clip_grad.h>
#include <torch/nn/utils/rnn.h>

using namespace shim;
namespace packing = torch::nn::utils::rnn;

struct Module {
  std::shared_ptr<torch::nn::RNNImpl> rnn;
  std::shared_ptr<torch::nn::RNNCellImpl> cell;
  torch::nn::Module& any() { return rnn ? static_cast<torch::nn::Module&>(*rnn) : *cell; }
};

template <class Options>
Options with_nonlinearity(Options options, int32_t relu) {
  return relu ? options.nonlinearity(torch::kReLU) : options.nonlinearity(torch::kTanh);
}

void give_packed(const packing::PackedSequence& p, Impl** out) {
  out[0] = give(p.data());
  out[1] = give(p.batch_sizes());
  out[2] = give(p.sorted_indices());
  out[3] = give(p.unsorted_indices());
}

packing::PackedSequence packed(Impl** in) {
  return packing::PackedSequence(tensor(in[0]), tensor(in[1]), tensor(in[2]), tensor(in[3]));
}

TORCHSHARP_API Module* torchsharp_rnn(int64_t input_size, int64_t hidden_size, int64_t layers, int32_t relu,
                                      int32_t bias, int32_t batch_first, double dropout, int32_t bidirectional) {
  return guard<Module*>(nullptr, [&] {
    auto options = torch::nn::RNNOptions(input_size, hidden_size)
                       .num_layers(layers)
                       .bias(bias != 0)
                       .batch_first(batch_first != 0)
                       .dropout(dropout)
                       .bidirectional(bidirectional != 0);
    return new Module{std::make_shared<torch::nn::RNNImpl>(with_nonlinearity(options, relu)), nullptr};
  });
}

TORCHSHARP_API Module* torchsharp_rnn_cell(int64_t input_size, int64_t hidden_size, int32_t relu, int32_t bias) {
  return guard<Module*>(nullptr, [&] {
    auto options = torch::nn::RNNCellOptions(input_size, hidden_size).bias(bias != 0);
    return new Module{nullptr, std::make_shared<torch::nn::RNNCellImpl>(with_nonlinearity(options, relu))};
  });
}

TORCHSHARP_API void torchsharp_module_release(Module* module) { delete module; }

TORCHSHARP_API int32_t torchsharp_module_train(Module* module, int32_t on) {
  return guard<int32_t>(-1, [&] { return module->any().train(on != 0), 0; });
}

TORCHSHARP_API int32_t torchsharp_module_to(Module* module, int32_t device_type, int32_t device_index, int32_t dtype) {
  return guard<int32_t>(-1, [&] {
    at::Device device(static_cast<at::DeviceType>(device_type), static_cast<c10::DeviceIndex>(device_index));
    module->any().to(device, static_cast<at::ScalarType>(dtype));
    return 0;
  });
}

// Parameter `index` and its name (valid until this thread's next call); null past the last one.
TORCHSHARP_API Impl* torchsharp_module_parameter(Module* module, int32_t index, const char** name) {
  thread_local std::string key;
  return guard<Impl*>(nullptr, [&]() -> Impl* {
    auto named = module->any().named_parameters();
    if (index >= static_cast<int64_t>(named.size())) return nullptr;
    key = named[index].key();
    *name = key.c_str();
    return give(named[index].value());
  });
}

TORCHSHARP_API int32_t torchsharp_rnn_flatten(Module* module) {
  return guard<int32_t>(-1, [&] { return module->rnn->flatten_parameters(), 0; });
}

// out: output, h_n
TORCHSHARP_API int32_t torchsharp_rnn_forward(Module* module, Impl* input, Impl* h0, Impl** out) {
  return guard<int32_t>(-1, [&] {
    auto [output, h_n] = module->rnn->forward(tensor(input), tensor(h0));
    out[0] = give(output);
    out[1] = give(h_n);
    return 0;
  });
}

// in: the packed sequence; out: the packed output, h_n
TORCHSHARP_API int32_t torchsharp_rnn_forward_packed(Module* module, Impl** in, Impl* h0, Impl** out) {
  return guard<int32_t>(-1, [&] {
    auto [output, h_n] = module->rnn->forward_with_packed_input(packed(in), tensor(h0));
    give_packed(output, out);
    out[4] = give(h_n);
    return 0;
  });
}

TORCHSHARP_API Impl* torchsharp_rnn_cell_forward(Module* module, Impl* input, Impl* h0) {
  return guard<Impl*>(nullptr, [&] { return give(module->cell->forward(tensor(input), tensor(h0))); });
}

// which: weight_ih, weight_hh, bias_ih, bias_hh
TORCHSHARP_API void torchsharp_rnn_cell_set(Module* module, int32_t which, Impl* value) {
  auto& cell = *module->cell;
  at::Tensor* slots[] = {&cell.weight_ih, &cell.weight_hh, &cell.bias_ih, &cell.bias_hh};
  *slots[which] = tensor(value);
}

TORCHSHARP_API int32_t torchsharp_pack_padded(Impl* input, Impl* lengths, int32_t batch_first, int32_t sorted,
                                              Impl** out) {
  return guard<int32_t>(-1, [&] {
    give_packed(packing::pack_padded_sequence(tensor(input), tensor(lengths), batch_first != 0, sorted != 0), out);
    return 0;
  });
}

TORCHSHARP_API int32_t torchsharp_pack(Impl** sequences, int64_t count, int32_t sorted, Impl** out) {
  return guard<int32_t>(-1, [&] {
    give_packed(packing::pack_sequence(tensors(sequences, count), sorted != 0), out);
    return 0;
  });
}

// out: the padded sequences, their lengths; total_length -1 is the longest sequence's
TORCHSHARP_API int32_t torchsharp_pad_packed(Impl** in, int32_t batch_first, double padding, int64_t total_length,
                                             Impl** out) {
  return guard<int32_t>(-1, [&] {
    auto sequence = packed(in);
    auto [padded, lengths] =
        total_length < 0 ? packing::pad_packed_sequence(sequence, batch_first != 0, padding)
                         : packing::pad_packed_sequence(sequence, batch_first != 0, padding, total_length);
    out[0] = give(padded);
    out[1] = give(lengths);
    return 0;
  });
}

TORCHSHARP_API Impl* torchsharp_pad(Impl** sequences, int64_t count, int32_t batch_first, double padding) {
  return guard<Impl*>(nullptr, [&] {
    return give(packing::pad_sequence(tensors(sequences, count), batch_first != 0, padding));
  });
}

// The norm before clipping; it may be any number, so `failed` tells an error.
TORCHSHARP_API double torchsharp_clip_grad_norm(Impl** parameters, int64_t count, double max_norm, double norm_type,
                                                int32_t* failed) {
  *failed = 1;
  return guard<double>(0, [&] {
    double norm = torch::nn::utils::clip_grad_norm_(tensors(parameters, count), max_norm, norm_type);
    *failed = 0;
    return norm;
  });
}
