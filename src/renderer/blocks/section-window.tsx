// A window of sections: their names on the left, one of them on the right. Asked for again with another section, the window
// that is already open turns to it, unless something typed would be lost. Who chooses another one is asked first.
import { useEffect, useRef, useState, type ComponentType, type MouseEvent, type ReactNode } from 'react';
import { Link, useNavigate } from 'react-router';
import { DiscardQuestion } from '#renderer/blocks/discard-question.tsx';
import { hasTypedWork, useTypedWorkGuard } from '#renderer/blocks/typed-forms.ts';
import { getBridge } from '#renderer/data/bridge.ts';
import classes from './section-window.module.css';

export interface WindowSection {
  readonly key: string;
  readonly path: string;
  readonly title: string;
  readonly icon: ComponentType<{ size?: number; stroke?: number }>;
}

export interface SectionGroup {
  readonly title: string;
  readonly sections: readonly WindowSection[];
}

export function SectionWindow(props: {
  /** Name of the list of sections, for those who hear it. */
  readonly label: string;
  readonly groups: readonly SectionGroup[];
  /** Key of the section that is shown. */
  readonly current: string;
  readonly testId?: string;
  /** Below the sections. */
  readonly footer?: ReactNode;
  /** The section scrolls by itself, and fills the room. */
  readonly isFilled?: boolean;
  readonly children: ReactNode;
}) {
  const { label, groups, current, testId, footer, isFilled = false } = props;
  const navigate = useNavigate();
  const isTypedWorkInTheWay = useTypedWorkGuard();
  useEffect(
    () =>
      getBridge().on('navigate', ({ path }) => {
        if (!isTypedWorkInTheWay()) void navigate(path);
      }),
    [navigate, isTypedWorkInTheWay],
  );
  const [wanted, setWanted] = useState<string | null>(null);

  function turnTo(event: MouseEvent, path: string): void {
    if (!hasTypedWork()) return;
    event.preventDefault();
    setWanted(path);
  }

  function discard(): void {
    if (wanted !== null) void navigate(wanted);
    setWanted(null);
  }

  const list = useRef<HTMLElement>(null);
  // The list is longer than a small window: what is shown is seen in it.
  useEffect(() => {
    const shown = list.current?.querySelector<HTMLElement>(`[data-section="${current}"]`);
    // Newer Chromium answers a promise, which is no clean-up.
    shown?.scrollIntoView({ block: 'nearest' });
    // A window that was just opened, or whose field is gone with its section: the keyboard begins here.
    if (document.activeElement === document.body) shown?.focus({ preventScroll: true });
  }, [current]);
  return (
    <div className={classes.window} data-testid={testId}>
      <nav className={classes.nav} aria-label={label} ref={list}>
        {groups.map(({ title, sections }) => (
          <div key={title}>
            <h2 className={classes.group}>{title}</h2>
            {sections.map(({ key, path, title: name, icon: Icon }) => (
              <Link
                key={key}
                to={path}
                className={classes.link}
                data-section={key}
                aria-current={current === key ? 'page' : undefined}
                draggable={false}
                onClick={(event) => turnTo(event, path)}
              >
                <Icon size={16} stroke={1.7} />
                {name}
              </Link>
            ))}
          </div>
        ))}
        {footer === undefined ? null : <p className={classes.footer}>{footer}</p>}
      </nav>
      <DiscardQuestion isOpen={wanted !== null} onKeep={() => setWanted(null)} onDiscard={discard} />
      {isFilled ? (
        <main className={classes.filled}>{props.children}</main>
      ) : (
        <main
          className={classes.page}
          // It scrolls, and some sections hold nothing to focus.
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
        >
          {props.children}
        </main>
      )}
    </div>
  );
}

/** The whole window for somebody it has nothing for. */
export function WindowMessage(props: { readonly text: string }) {
  return <p className={classes.message}>{props.text}</p>;
}
