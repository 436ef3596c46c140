/**
 * Menus, by radix-ui: under a button (`MenuButton`), around a region (`ContextMenu`), or at a point (`PointMenu`, for
 * things inside a drawing that report a place). Import only from screens that load late.
 *
 * The items are data, so that the same list can be shown in each of the three ways.
 */
import { ContextMenu as RadixContext, DropdownMenu as RadixMenu } from "radix-ui";
import type { ReactElement, ReactNode } from "react";
import { Icon } from "./Icon.tsx";
import { Kbd } from "./Kbd.tsx";
import { landmark } from "./landmark.ts";
import styles from "./Menu.module.css";

export type MenuItem =
  | {
      readonly kind: "action";
      readonly id: string;
      readonly label: ReactNode;
      readonly icon?: ReactNode;
      readonly shortcut?: string;
      readonly disabled?: boolean;
      readonly onSelect: () => void;
    }
  | {
      readonly kind: "check";
      readonly id: string;
      readonly label: ReactNode;
      readonly checked: boolean;
      /** The menu stays open, so that several can be ticked. */
      readonly onChange: (checked: boolean) => void;
    }
  | {
      readonly kind: "menu";
      readonly id: string;
      readonly label: ReactNode;
      readonly icon?: ReactNode;
      readonly items: readonly MenuItem[];
    }
  | { readonly kind: "rule"; readonly id: string };

export interface MenuProps {
  readonly items: readonly MenuItem[];
  /** Stands above the items: what the menu is about. */
  readonly title?: ReactNode;
}

export interface MenuButtonProps extends MenuProps {
  /** One button that takes a ref. */
  readonly children: ReactElement;
}

export function MenuButton({ children, ...menu }: MenuButtonProps) {
  return (
    <RadixMenu.Root modal={false}>
      <RadixMenu.Trigger asChild>{children}</RadixMenu.Trigger>
      <RadixMenu.Portal container={landmark()}>
        <RadixMenu.Content className={styles.menu} align="start" sideOffset={4} collisionPadding={8}>
          <MenuBody parts={RadixMenu} {...menu} />
        </RadixMenu.Content>
      </RadixMenu.Portal>
    </RadixMenu.Root>
  );
}

export interface PointMenuProps extends MenuProps {
  /** Names the menu. */
  readonly label: string;
  /** Where it opens, in px of the window; null is closed. */
  readonly at: { readonly x: number; readonly y: number } | null;
  /** Called when it closes; then the focus should go back to the thing. */
  readonly onClose: () => void;
}

export function PointMenu({ label, at, onClose, ...menu }: PointMenuProps) {
  return (
    <RadixMenu.Root modal={false} open={at !== null} onOpenChange={(open) => !open && onClose()}>
      <RadixMenu.Trigger asChild>
        <span
          className={styles.anchor}
          style={at ? { left: at.x, top: at.y } : undefined}
          aria-hidden="true"
          tabIndex={-1}
        />
      </RadixMenu.Trigger>
      <RadixMenu.Portal container={landmark()}>
        <RadixMenu.Content
          className={styles.menu}
          aria-label={label}
          align="start"
          sideOffset={2}
          collisionPadding={8}
          onCloseAutoFocus={(event) => event.preventDefault()}
        >
          <MenuBody parts={RadixMenu} {...menu} />
        </RadixMenu.Content>
      </RadixMenu.Portal>
    </RadixMenu.Root>
  );
}

export interface ContextMenuProps extends MenuProps {
  /** The region; one element that takes a ref. */
  readonly children: ReactElement;
}

export function ContextMenu({ children, ...menu }: ContextMenuProps) {
  return (
    <RadixContext.Root modal={false}>
      <RadixContext.Trigger asChild>{children}</RadixContext.Trigger>
      <RadixContext.Portal container={landmark()}>
        <RadixContext.Content className={styles.menu} collisionPadding={8}>
          <MenuBody parts={RadixContext} {...menu} />
        </RadixContext.Content>
      </RadixContext.Portal>
    </RadixContext.Root>
  );
}

type Parts = typeof RadixMenu | typeof RadixContext;

function MenuBody({ parts, items, title }: MenuProps & { readonly parts: Parts }) {
  const Part = parts as typeof RadixMenu;
  return (
    <>
      {title && <Part.Label className={styles.title}>{title}</Part.Label>}
      {items.map((item) => {
        switch (item.kind) {
          case "rule":
            return <Part.Separator key={item.id} className={styles.rule} />;
          case "action":
            return (
              <Part.Item
                key={item.id}
                className={styles.item}
                disabled={item.disabled ?? false}
                onSelect={item.onSelect}
              >
                <span className={styles.icon}>{item.icon}</span>
                {item.label}
                {item.shortcut && (
                  <span className={styles.end}>
                    <Kbd>{item.shortcut}</Kbd>
                  </span>
                )}
              </Part.Item>
            );
          case "check":
            return (
              <Part.CheckboxItem
                key={item.id}
                className={styles.item}
                checked={item.checked}
                onCheckedChange={(checked) => item.onChange(checked)}
                onSelect={(event) => event.preventDefault()}
              >
                <span className={styles.box} data-state={item.checked ? "checked" : "unchecked"}>
                  {item.checked && <Icon name="check" size={16} />}
                </span>
                {item.label}
              </Part.CheckboxItem>
            );
          case "menu":
            return (
              <Part.Sub key={item.id}>
                <Part.SubTrigger className={styles.item}>
                  <span className={styles.icon}>{item.icon}</span>
                  {item.label}
                  <span className={styles.end}>
                    <Icon name="next" size={16} />
                  </span>
                </Part.SubTrigger>
                <Part.Portal container={landmark()}>
                  <Part.SubContent className={styles.menu} sideOffset={4} collisionPadding={8}>
                    <MenuBody parts={parts} items={item.items} />
                  </Part.SubContent>
                </Part.Portal>
              </Part.Sub>
            );
        }
        return null;
      })}
    </>
  );
}
