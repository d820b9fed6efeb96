import { Tabs as Base } from "@base-ui/react/tabs";
import { type ReactNode, useEffect, useRef, useState } from "react";
import "./tabs.css";

export interface Tab<Id extends string> {
  readonly id: Id;
  readonly label: string;
}

export interface TabsProps<Id extends string> {
  readonly label: string;
  readonly tabs: readonly Tab<Id>[];
  readonly shown: Id;
  readonly onShow: (id: Id) => void;
  /** Stands after the tabs, in their row. */
  readonly after: ReactNode;
  /** The content of a tab. It is rendered from its first showing on, and stays while others are in front. */
  readonly children: (id: Id) => ReactNode;
}

const showWhole = (tab: HTMLElement | null): void => tab?.scrollIntoView({ block: "nearest", inline: "nearest" });

/** A row of tabs with the content of one of them below, filling the height there is. */
export function Tabs<Id extends string>({ label, tabs, shown, onShow, after, children }: TabsProps<Id>) {
  const [seen, setSeen] = useState<readonly Id[]>([shown]);
  if (!seen.includes(shown)) setSeen([...seen, shown]);
  const list = useRef<HTMLDivElement>(null);
  // A row that becomes narrower must not hide the tab whose content is shown.
  useEffect(() => {
    const row = list.current;
    if (row === null) return;
    const observer = new ResizeObserver(() => showWhole(row.querySelector<HTMLElement>("[data-active]")));
    observer.observe(row);
    return () => observer.disconnect();
  }, []);
  return (
    <Base.Root
      value={shown}
      onValueChange={(value) => {
        const tab = tabs.find(({ id }) => id === value);
        if (tab !== undefined) onShow(tab.id);
      }}
      className="flex min-h-0 flex-1 flex-col"
    >
      <div className="tabs-row">
        <Base.List ref={list} aria-label={label} activateOnFocus className="tabs-list">
          {tabs.map((tab) => (
            <Base.Tab key={tab.id} value={tab.id} ref={tab.id === shown ? showWhole : null} className="tabs-tab">
              {tab.label}
            </Base.Tab>
          ))}
        </Base.List>
        {after}
      </div>
      {tabs.map(({ id }) => (
        <Base.Panel key={id} value={id} keepMounted tabIndex={-1} className="tabs-panel">
          {seen.includes(id) ? children(id) : null}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}
