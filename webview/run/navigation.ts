import { element, perFrame } from '../dom';
import { t } from '../l10n';
import type { Memory } from '../page';
import type { RunPageState } from './pageState';
import type { Section } from './section';

export interface Navigation {
  readonly root: HTMLElement;
  /** Goes to a section by its id. */
  reveal(id: string): void;
  /** Goes to where the page was before it was reloaded. */
  restore(): void;
}

/** Links to the sections that stay in view, the current one marked. */
export function navigation(sections: readonly Section[], memory: Memory<RunPageState>): Navigation {
  let wanted: string | null = null;
  const links = sections.map((section) => {
    const link = element('a', { href: `#${section.id}` }, section.title);
    link.addEventListener('click', (event) => {
      event.preventDefault();
      section.reveal();
    });
    return link;
  });
  const root = element('nav', { 'aria-label': t('Sections') }, ...links);
  const mark = perFrame(() => {
    // The current section is the last one whose top has passed under the links; at the end of the page, the last one.
    const line = root.getBoundingClientRect().bottom + 48;
    const scrolled = document.documentElement;
    const atEnd = scrolled.scrollTop > 0 && scrolled.scrollTop + scrolled.clientHeight >= scrolled.scrollHeight - 2;
    const passed = sections.filter(({ root: part }) => part.getBoundingClientRect().top <= line);
    const current = atEnd ? sections.at(-1) : (passed.at(-1) ?? sections[0]);
    for (const [i, link] of links.entries()) {
      if (sections[i] === current) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    }
    memory.keep({ section: scrolled.scrollTop > 0 ? (current?.id ?? '') : '' });
  });
  const reveal = (id: string) => {
    const section = sections.find((candidate) => candidate.id === id);
    // Before the run is there nothing can be revealed; what was asked for is kept.
    if (section?.root.isConnected === true) section.reveal();
    else wanted = id;
  };
  window.addEventListener('scroll', mark, { passive: true });
  return {
    root,
    reveal,
    restore: () => {
      const target = wanted ?? memory.value.section;
      mark();
      if (target !== '') requestAnimationFrame(() => reveal(target));
    },
  };
}
