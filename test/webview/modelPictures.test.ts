import { type ModelSceneName, modelScenes } from './fixtures/models';
import { type Look, showsEach } from './shows';
import { everyTheme } from './themes';

const looks: readonly Look[] = [
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
];

showsEach('the pages of models in every theme, width and state', looks);
