// An ONNX model as bytes: just enough of protocol buffers, with the field numbers of onnx.proto (IR version 8).
const varint = (n) => (n < 128 ? [n] : [(n % 128) + 128, ...varint(Math.floor(n / 128))]);
const whole = (field, n) => [...varint(field * 8), ...varint(n)];
const bytes = (field, content) => [...varint(field * 8 + 2), ...varint(content.length), ...content];
const text = (field, s) => bytes(field, [...new TextEncoder().encode(s)]);

// AttributeProto: name 1, i 3, s 4, ints 8, strings 9, type 20 (INT 2, STRING 3, INTS 7, STRINGS 8).
export const integer = (name, n) => [...text(1, name), ...whole(3, n), ...whole(20, 2)];
export const string = (name, s) => [...text(1, name), ...text(4, s), ...whole(20, 3)];
export const integers = (name, all) => [...text(1, name), ...all.flatMap((n) => whole(8, n)), ...whole(20, 7)];
export const strings = (name, all) => [...text(1, name), ...all.flatMap((s) => text(9, s)), ...whole(20, 8)];

// NodeProto: input 1, output 2, op_type 4, attribute 5. An optional input that is left out has an empty name.
export const node = (type, inputs, outputs, attributes) => [
  ...inputs.flatMap((name) => text(1, name)),
  ...outputs.flatMap((name) => text(2, name)),
  ...text(4, type),
  ...attributes.flatMap((attribute) => bytes(5, attribute)),
];

// TensorProto: dims 1, data_type 2 (INT64 is 7), int64_data 7, name 8.
export const int64s = (name, all) => [
  ...whole(1, all.length), ...whole(2, 7), ...bytes(7, all.flatMap(varint)), ...text(8, name),
];

// ValueInfoProto: name 1, type 2; TypeProto: tensor_type 1; its elem_type 1 and shape 2; a shape's dim 1: dim_value 1.
export const value = (name, type, shape) => {
  const dimensions = shape.flatMap((size) => bytes(1, whole(1, size)));
  return [...text(1, name), ...bytes(2, bytes(1, [...whole(1, type), ...bytes(2, dimensions)]))];
};

// ModelProto: ir_version 1, graph 7, opset_import 8 (version 2); GraphProto: node 1, name 2, initializer 5, input 11, output 12.
export const model = (nodes, initializers, inputs, outputs) => {
  const graph = [
    ...nodes.flatMap((n) => bytes(1, n)),
    ...text(2, "rnn"),
    ...initializers.flatMap((t) => bytes(5, t)),
    ...inputs.flatMap((v) => bytes(11, v)),
    ...outputs.flatMap((v) => bytes(12, v)),
  ];
  return Uint8Array.from([...whole(1, 8), ...bytes(7, graph), ...bytes(8, whole(2, 14))]);
};
