import type { SceneName } from './fixtures/scenes';
import { type Look, showsEach } from './shows';
import { everyTheme } from './themes';

const runScenes: readonly SceneName[] = [
  'training',
  'first',
  'preparing',
  'paused',
  'stopped',
  'failed',
  'horizon',
  'wide',
  'longNames',
  'notNumbers',
  'small',
  'many',
  'loading',
  'broken',
  'untraceable',
  'classifying',
  'classifyStopped',
  'diverged',
  'label',
  'names',
  'manyClasses',
  'transcribe',
  'translate',
];

const looks: readonly Look[] = [
  ...everyTheme.flatMap((theme) => [
    { name: `run-${theme}-1280`, view: 'run' as const, scene: 'done' as const, theme, width: 1280 },
    { name: `inspector-${theme}`, view: 'inspector' as const, scene: 'done' as const, theme, width: 300 },
  ]),
  ...everyTheme.map((theme) => ({
    name: `run-classify-${theme}`,
    view: 'run' as const,
    scene: 'classify' as const,
    theme,
    width: 1280,
  })),
  { name: 'run-language-light', view: 'run', scene: 'language', theme: 'light', width: 1280 },
  { name: 'run-language-640', view: 'run', scene: 'language', width: 640 },
  { name: 'run-classify-1920', view: 'run', scene: 'classify', width: 1920 },
  { name: 'run-names-320', view: 'run', scene: 'names', width: 320 },
  { name: 'run-names-zh-cn', view: 'run', scene: 'names', language: 'zh-cn', translated: true },
  ...[300, 640, 1920].map((width) => ({
    name: `run-dark-${width}`,
    view: 'run' as const,
    scene: 'done' as const,
    width,
  })),
  ...runScenes.map((scene) => ({ name: `run-${scene}`, view: 'run' as const, scene })),
  { name: 'inspector-model', view: 'inspector', scene: 'model', width: 300 },
  ...(
    [
      'empty',
      'horizon',
      'wide',
      'longNames',
      'notNumbers',
      'small',
      'loading',
      'broken',
      'classify',
      'label',
      'language',
      'transcribe',
      'translate',
    ] as const
  ).map((scene) => ({
    name: `inspector-${scene}`,
    view: 'inspector' as const,
    scene,
    width: 300,
  })),
];

showsEach('the pages of runs in every theme, width and state', looks);
