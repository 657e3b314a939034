import assert from 'node:assert/strict';
import { format, type Message } from '../../../../extension/protocol/messages';
import type { CudaMachine } from '../../../../extension/runtime/device/cudaMachine';
import {
  cudaObstacle,
  cudaProblem,
  librariesMissing,
  providerProblem,
} from '../../../../extension/runtime/device/cudaProblem';
import type { Trial } from '../../../../extension/runtime/device/tryProvider';

const ready: CudaMachine = { platform: 'linux', arch: 'x64', gpu: true, driver: '550.54', reachable: true, cuda: [12] };
const text = (problem: Message | null) => (problem === null ? null : format(problem));
const obstacle = (machine: Partial<CudaMachine>, listed = true) => text(cudaObstacle({ ...ready, ...machine }, listed));
const refused = (
  log: string,
  reason = 'OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library',
) => ({ kind: 'refused', reason, log }) as const;
const problem = (trial: Trial, machine: Partial<CudaMachine> = {}) =>
  text(cudaProblem('cuda', { ...ready, ...machine }, trial));

/** What onnxruntime logs where a library of CUDA is missing. */
const missing = (library: string) =>
  `Failed to load library /x/libonnxruntime_providers_cuda.so with error: ${library}: cannot open shared object file: No such file or directory`;

describe('device/cudaProblem', () => {
  it('names what must be dealt with first', () => {
    assert.equal(obstacle({}), null);
    assert.match(obstacle({ platform: 'win32' }, false) ?? '', /for win32 x64 is built without CUDA/);
    const nothing = { driver: null, gpu: false, reachable: false };
    assert.match(obstacle(nothing) ?? '', /No NVIDIA GPU .* choose "cpu"/);
    assert.match(obstacle({ ...nothing, gpu: true }) ?? '', /install the NVIDIA driver/);
    assert.match(obstacle({ reachable: false }) ?? '', /driver 550\.54 is loaded .* --gpus all/);
    assert.match(text(librariesMissing()) ?? '', /run "unroll setup-cuda"/);
  });

  it('names the library that is missing, and another version of CUDA that is there', () => {
    const trial = refused(missing('libcublasLt.so.12'));
    assert.match(problem(trial) ?? '', /needs libcublasLt\.so\.12, .* CUDA 12 and cuDNN 9, or add .* LD_LIBRARY_PATH/);
    assert.match(problem(trial, { cuda: [11, 13] }) ?? '', /^CUDA 11, 13 is installed, .* needs CUDA 12 \(libcublasLt/);
    assert.match(problem(trial, { cuda: [12, 13] }) ?? '', /^CUDA needs libcublasLt/);
    assert.match(problem(refused(missing('libcudnn.so.9'))) ?? '', /libcudnn\.so\.9/);
    const tensorrt = text(cudaProblem('tensorrt', ready, refused(missing('libnvinfer.so.10'))));
    assert.match(tensorrt ?? '', /"tensorrt" needs libnvinfer\.so\.10, which is not found/);
  });

  it('knows an old driver and a GPU that is not there', () => {
    const old = refused('', 'CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version');
    assert.match(problem(old) ?? '', /driver 550\.54 is too old for CUDA 12; update/);
    assert.match(
      problem(refused('', 'CUDA failure 100: no CUDA-capable device is detected')) ?? '',
      /no GPU can be reached/,
    );
  });

  it('gives what onnxruntime says where it knows no better, without the place in its source', () => {
    const said =
      '/src/webgpu_context.cc:136 a::b(const C&)::<lambda()> status == Success was false. Failed to get an adapter.\n';
    assert.equal(
      text(providerProblem('webgpu', refused('', said))),
      'The provider "webgpu" does not work on this machine (Failed to get an adapter); choose "cpu" or "auto".',
    );
    assert.match(problem(refused('', 'something new')) ?? '', /"cuda" does not work on this machine \(something new\)/);
  });

  it('is content only with a step that ran', () => {
    assert.equal(problem({ kind: 'ran', log: 'warnings' }), null);
    assert.match(problem({ kind: 'unused', log: '' }) ?? '', /ran on the CPU all the same/);
    assert.match(problem({ kind: 'wrong', log: '' }) ?? '', /wrongly/);
    assert.match(problem({ kind: 'died', how: 'SIGSEGV', log: '' }) ?? '', /crashed on trial \(SIGSEGV\)/);
  });
});
