/** The bar over all pages but the workbench: name, pages, palette, theme. */
import type { ReactNode } from "react";
import { useHashPath } from "../address.ts";
import { text } from "../text.ts";
import { Logo } from "./Logo.tsx";
import styles from "./parts.module.css";
import { ThemeButton } from "./ThemeButton.tsx";

const pages = [
  { href: "#/labs", path: "/labs", also: "/", label: text.nav.labs },
  { href: "#/play", path: "/play", also: null, label: text.nav.sandbox },
  { href: "#/help", path: "/help", also: null, label: text.nav.help },
] as const;

export function SiteHeader({ end }: { readonly end?: ReactNode }) {
  const [path] = useHashPath();
  return (
    <header className={styles.header}>
      <button type="button" className={styles.skip} onClick={skip}>
        {text.skip}
      </button>
      <a className={styles.brand} href="#/">
        <Logo />
        <span className={styles.brandName}>{text.name}</span>
      </a>
      <nav className={styles.nav} aria-label={text.nav.label}>
        {pages.map(({ href, path: own, also, label }) => (
          <a
            key={href}
            href={href}
            aria-current={path === own || path === also ? "page" : undefined}
            onClick={own === "/labs" && path === own ? showLabs : undefined}
          >
            {label}
          </a>
        ))}
      </nav>
      <span className={styles.headerEnd}>
        {end}
        <ThemeButton />
      </span>
    </header>
  );
}

/** Brings the labs into sight, and the reader of a screen to their heading; nothing happens where there are none. */
export function showLabs(): void {
  const heading = document.getElementById("labs");
  heading?.scrollIntoView();
  heading?.focus({ preventScroll: true });
}

/** A button, since an anchor would change the address, and that is the route. */
function skip(): void {
  const content = document.getElementById("content");
  content?.setAttribute("tabindex", "-1");
  content?.focus();
}
