import assert from 'node:assert/strict';
import { type ModelSceneName, modelScenes } from './fixtures/models';
import type { SceneName } from './fixtures/scenes';
import { overflowOf, shoot, usePages, type Wanted } from './pages';
import type { ThemeName } from './themes';

const everyTheme: readonly ThemeName[] = ['dark', 'light', 'highContrast', 'highContrastLight'];
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

const wanted: readonly (Wanted & { readonly name: string })[] = [
  ...everyTheme.flatMap((theme) => [
    { name: `run-${theme}-1280`, view: 'run' as const, scene: 'done' as const, theme, width: 1280 },
    { name: `inspector-${theme}`, view: 'inspector' as const, scene: 'done' as const, theme, width: 300 },
  ]),
  ...everyTheme.flatMap((theme) =>
    (['classify', 'language'] as const).map((scene) => ({
      name: `run-${scene}-${theme}`,
      view: 'run' as const,
      scene,
      theme,
      width: 1280,
    })),
  ),
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
  ...everyTheme.map((theme) => ({
    name: `model-${theme}-1280`,
    view: 'model' as const,
    scene: 'model' as const,
    theme,
  })),
  ...[300, 640, 1920].map((width) => ({
    name: `model-dark-${width}`,
    view: 'model' as const,
    scene: 'model' as const,
    width,
  })),
  { name: 'model-zh-cn', view: 'model', scene: 'modelOfOurs', language: 'zh-cn', translated: true },
  ...(Object.keys(modelScenes) as ModelSceneName[]).map((scene) => ({
    name: `scene-${scene}`,
    view: 'model' as const,
    scene,
  })),
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

describe('the pages in every theme, width and state', () => {
  const openPage = usePages();

  for (const { name, ...look } of wanted) {
    it(`${name} shows without an error and without scrolling sideways`, async () => {
      const page = await openPage(look);
      await page.waitForSelector('main, .notice.whole');
      const run = page.getByRole('button', { name: look.language === undefined ? 'Run' : '运行', exact: true });
      if (look.view === 'model' && (await run.count()) > 0 && (await run.isVisible())) await run.click();
      await shoot(page, name);
      assert.equal(await overflowOf(page), 0);
    });
  }
});
