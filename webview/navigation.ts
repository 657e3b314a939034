import { element, perFrame } from './dom';
import { t } from './l10n';
import type { Section } from './section';

/** What a page shows is there after so many ms, or is not waited for. */
const patience = 5000;

/** Where the page was scrolled to, kept over a reload. */
export interface SectionMemory {
  readonly value: { readonly section: string };
  keep(change: { readonly section: string }): void;
}

/** Links to the sections that stay in view, the current one marked. */
export class Navigation {
  readonly root = element('nav', { 'aria-label': t('Sections') });
  private sections: readonly Section[] = [];
  private links: readonly HTMLElement[] = [];
  private wanted: string | null = null;
  /** Ends what keeps a section at the top. */
  private letGo: () => void = () => undefined;
  private readonly letGoNow = () => this.letGo();
  private readonly mark = perFrame(() => this.markCurrent());

  constructor(private readonly memory: SectionMemory) {
    window.addEventListener('scroll', this.mark, { passive: true });
    // Where the page is narrow the links take several lines, which would lie over the heading that they lead to.
    new ResizeObserver(() => {
      document.documentElement.style.setProperty('--links', `${this.root.offsetHeight}px`);
    }).observe(this.root);
  }

  /** Takes the sections, in their order on the page. */
  lead(sections: readonly Section[]): void {
    this.sections = sections;
    this.links = sections.map((section) => {
      const link = element('a', { href: `#${section.id}` }, section.title);
      link.addEventListener('click', (event) => {
        event.preventDefault();
        this.show(section);
      });
      return link;
    });
    this.root.replaceChildren(...this.links);
    this.mark();
  }

  /** Goes to a section by its id. */
  reveal(id: string): void {
    const section = this.sections.find((candidate) => candidate.id === id);
    // Before the page is there nothing can be revealed; what was asked for is kept.
    if (section?.root.isConnected === true) this.show(section);
    else this.wanted = id;
  }

  /** Brings a section to the top, and keeps it there while the page still grows, until its reader moves. */
  private show(section: Section): void {
    this.letGo();
    section.reveal();
    const observer = new ResizeObserver(() => section.root.scrollIntoView({ block: 'start' }));
    const moves = ['wheel', 'pointerdown', 'keydown', 'touchstart'] as const;
    const timer = setTimeout(() => this.letGo(), patience);
    this.letGo = () => {
      this.letGo = () => undefined;
      clearTimeout(timer);
      observer.disconnect();
      for (const move of moves) window.removeEventListener(move, this.letGoNow, true);
    };
    observer.observe(document.body);
    for (const move of moves) window.addEventListener(move, this.letGoNow, { capture: true, passive: true });
  }

  /** Goes to where the page was before it was reloaded. */
  restore(): void {
    const target = this.wanted ?? this.memory.value.section;
    this.mark();
    if (target !== '') requestAnimationFrame(() => this.reveal(target));
  }

  /** The current section is the last one whose top has passed under the links; at the end of the page, the last one. */
  private markCurrent(): void {
    const { root, sections } = this;
    const line = root.getBoundingClientRect().bottom + 48;
    const scrolled = document.documentElement;
    const atEnd = scrolled.scrollTop > 0 && scrolled.scrollTop + scrolled.clientHeight >= scrolled.scrollHeight - 2;
    const passed = sections.filter(({ root: part }) => part.getBoundingClientRect().top <= line);
    const current = atEnd ? sections.at(-1) : (passed.at(-1) ?? sections[0]);
    for (const [i, link] of this.links.entries()) {
      if (sections[i] === current) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    }
    this.memory.keep({ section: scrolled.scrollTop > 0 ? (current?.id ?? '') : '' });
  }
}
