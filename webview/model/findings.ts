import type { Finding, FindingCode } from '../../extension/protocol/doctor';
import type { ModelPanelContract } from '../../extension/protocol/panels';
import { icon } from '../controls/icons';
import { type ButtonControl, button } from '../controls/toolkit';
import { element, setText } from '../dom';
import { explain, say, t } from '../l10n';
import { number } from '../numbers';
import { Section } from '../section';

type Requests = ModelPanelContract['requests'];

interface Ask {
  readonly examine: () => Promise<Requests['examine']['result']>;
  readonly repair: (codes: readonly FindingCode[]) => Promise<Requests['repair']['result']>;
}

/** What ails a model, why that matters, and a repaired copy of what can be repaired. */
export class FindingsSection {
  readonly section = new Section('findings', t('Findings'));
  private readonly outcome = element('p', { class: 'outcome', role: 'status', hidden: true });
  private asked = 0;

  constructor(private readonly ask: Ask) {}

  /** Looks the model over again. */
  async show(): Promise<void> {
    this.asked += 1;
    const asked = this.asked;
    this.section.hold({ kind: 'loading', text: t('Looking the model over…') });
    try {
      const findings = await this.ask.examine();
      if (asked === this.asked) this.list(findings);
    } catch (error) {
      if (asked !== this.asked) return;
      const retry = { label: t('Try Again'), run: () => void this.show() };
      this.section.hold({ kind: 'error', text: explain(error), retry });
    }
  }

  private list(findings: readonly Finding[]): void {
    if (findings.length === 0) {
      this.section.hold({
        kind: 'empty',
        text: t('Nothing was found that keeps this model from running or from being right.'),
      });
      return;
    }
    this.section.hold({ kind: 'none' });
    const faultsFirst = [...findings].sort((a, b) => Number(b.isFault) - Number(a.isFault));
    // A copy puts right every place of one kind: one button is enough.
    const isFirst = ({ code }: Finding, i: number) => faultsFirst.findIndex((each) => each.code === code) === i;
    const items = element(
      'ul',
      { class: 'findings' },
      ...faultsFirst.map((finding, i) => this.item(finding, finding.repairable && isFirst(finding, i))),
    );
    this.section.content.replaceChildren(items, this.outcome);
  }

  private item({ code, isFault, what, why }: Finding, offersRepair: boolean): HTMLElement {
    const repair = offersRepair ? button(t('Repair a Copy…'), () => void this.repair(code, repair), 'secondary') : null;
    return element(
      'li',
      { class: isFault ? 'fault' : 'wish' },
      icon(isFault ? 'failed' : 'hint'),
      element(
        'div',
        {},
        element('p', {}, element('strong', {}, isFault ? t('Fault') : t('Hint')), ' ', say(what)),
        element('p', { class: 'meaning' }, say(why)),
      ),
      repair?.root ?? null,
    );
  }

  private async repair(code: FindingCode, control: ButtonControl | null): Promise<void> {
    control?.enable(false);
    this.outcome.hidden = true;
    this.outcome.classList.remove('error');
    try {
      const repair = await this.ask.repair([code]);
      if (repair !== null) this.tell(outcomeOf(repair));
    } catch (error) {
      this.outcome.classList.add('error');
      this.tell(explain(error));
    } finally {
      control?.enable(true);
    }
  }

  private tell(text: string): void {
    this.outcome.hidden = false;
    setText(this.outcome, text);
  }
}

function outcomeOf({ name, difference }: NonNullable<Requests['repair']['result']>): string {
  if (difference === null)
    return t('{0} is written. The model runs on no made-up input, so it was not compared.', name);
  return t('{0} is written. Run on the same noise, its outputs differ by at most {1}.', name, number(difference, 2));
}
