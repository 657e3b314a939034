import assert from 'node:assert/strict';
import { reasonIn } from '../../../../extension/runtime/session/reason';

// Each is what onnxruntime 1.30.0 said of a model on Linux.
const said: readonly (readonly [string, string])[] = [
  [
    "Non-zero status code returned while running Reshape node. Name:'gemm_input_reshape' Status Message: /onnxruntime_src/onnxruntime/core/providers/cpu/tensor/reshape_helper.h:91 onnxruntime::ReshapeHelper::ReshapeHelper(const onnxruntime::TensorShape&, onnxruntime::TensorShapeVector&, bool) input_shape_size == requested_shape_size was false. The input tensor cannot be reshaped to the requested shape. Input shape:{1,13,12}, requested shape:{11,12}\n",
    'Reshape "gemm_input_reshape": The input tensor cannot be reshaped to the requested shape. Input shape:{1,13,12}, requested shape:{11,12}',
  ],
  [
    "Non-zero status code returned while running Expand node. Name:'y' Status Message: /onnxruntime_src/onnxruntime/core/framework/bfc_arena.cc:360 void* onnxruntime::BFCArena::AllocateRawInternal(size_t, bool, onnxruntime::Stream*) Failed to allocate memory for requested buffer of size 4398046511104",
    'Expand "y": Failed to allocate memory for requested buffer of size 4398046511104',
  ],
  [
    'Exception during initialization: /onnxruntime_src/onnxruntime/core/providers/cpu/rnn/lstm_base.h:53 onnxruntime::LSTMBase::LSTMBase(const onnxruntime::OpKernelInfo&) layout_ == 0 was false. Batchwise recurrent operations (layout == 1) are not supported. If you need support create a github issue with justification.\n',
    'Exception during initialization: Batchwise recurrent operations (layout == 1) are not supported. If you need support create a github issue with justification.',
  ],
  [
    '/onnxruntime_src/onnxruntime/core/graph/graph.cc:1404 onnxruntime::Graph::Graph(const onnxruntime::Model&, onnx::GraphProto*, const std::unordered_map<std::__cxx11::basic_string<char>, int>&, onnxruntime::Version, onnxruntime::IOnnxRuntimeOpSchemaCollectionPtr, onnxruntime::Graph*, const onnxruntime::Node*, const onnxruntime::logging::Logger&, bool) This is an invalid model. Tensor does not have type information.\n',
    'This is an invalid model. Tensor does not have type information.',
  ],
  [
    '/onnxruntime_src/onnxruntime/core/graph/graph.cc:1555 void onnxruntime::Graph::InitializeStateFromModelFileGraphProto() This is an invalid model. Graph output (h_n) does not exist in the graph.\n',
    'This is an invalid model. Graph output (h_n) does not exist in the graph.',
  ],
  [
    'Got invalid dimensions for input: x for the following indices\n index: 0 Got: 6 Expected: 7\n index: 1 Got: 1 Expected: 2\n Please fix either the inputs/outputs or the model.',
    'Got invalid dimensions for input: x for the following indices index: 0 Got: 6 Expected: 7 index: 1 Got: 1 Expected: 2',
  ],
  [
    "Non-zero status code returned while running LSTM node. Name:'layer' Status Message: LSTM operator does not support double yet",
    'LSTM "layer": LSTM operator does not support double yet',
  ],
  [
    'Exception during initialization: /onnxruntime_src/onnxruntime/core/providers/cpu/rnn/rnn.h:32 onnxruntime::RNN<T>::RNN(const onnxruntime::OpKernelInfo&) [with T = float] info.GetAttr("hidden_size", &hidden_size_).IsOK() was false. ',
    'Exception during initialization: info.GetAttr("hidden_size", &hidden_size_).IsOK() was false.',
  ],
  ['Failed to load model because protobuf parsing failed.', 'Failed to load model because protobuf parsing failed.'],
  [
    'Node (/Expand_1) Op (Expand) [ShapeInferenceError] Incompatible dimensions',
    'Node (/Expand_1) Op (Expand) [ShapeInferenceError] Incompatible dimensions',
  ],
];

describe('what matters of onnxruntime’s words', () => {
  for (const [words, reason] of said) {
    it(`is said of "${reason.slice(0, 60)}"`, () => assert.equal(reasonIn(words), reason));
  }

  it('names the innermost node, and leaves the stack out', () => {
    const inner =
      "Non-zero status code returned while running Gather node. Name:'pick' Status Message: indices element out of data bounds, idx=9";
    const outer = `Non-zero status code returned while running Loop node. Name:'all of it' Status Message: ${inner}`;
    assert.equal(
      reasonIn(`${outer}\nStacktrace:\n#1 core::run() in /usr/lib/x.so`),
      'Gather "pick": indices element out of data bounds, idx=9',
    );
  });

  it('is never nothing, and takes no time over words of any length', () => {
    assert.equal(reasonIn('/a/b.cc:1 '), '/a/b.cc:1');
    assert.equal(reasonIn(''), '');
    const begin = performance.now();
    const node = (name: string) =>
      `Non-zero status code returned while running A node. Name:'${name}' Status Message: `;
    assert.match(reasonIn(`${node('n'.repeat(200_000))}no`), /^A "n{100}…": no$/);
    for (const long of [
      `/src/x.cc:1 ${'std::vector<'.repeat(20_000)} (${'('.repeat(20_000)} a was false. `,
      "Non-zero status code returned while running A node. Name:'".repeat(20_000),
      node('x').repeat(20_000),
      `/${'a/'.repeat(100_000)}`,
      `f(${'(a)'.repeat(50_000)}`,
      '\n'.repeat(200_000),
    ]) {
      for (const words of [long, `/a.cc:1 ${long}`]) reasonIn(words);
    }
    assert.ok(performance.now() - begin < 2000);
  });
});
