import type { Part } from '../../extension/protocol/data';
import { t } from '../l10n';

/** A part of the data, within a sentence or as a label. */
export function partName(part: Part): string {
  switch (part) {
    case 'train':
      return t('training');
    case 'validation':
      return t('validation');
    case 'test':
      return t('test');
  }
}

/** A part of the data at the start of a line. */
export function partTitle(part: Part): string {
  switch (part) {
    case 'train':
      return t('Training');
    case 'validation':
      return t('Validation');
    case 'test':
      return t('Test');
  }
}
