import { type ClassValue, clsx } from "clsx";

/**
 * Joins class names. Nothing is merged: two utilities for the same property do not belong on one element, so a look
 * that differs is a variant of its component.
 */
export const classNames = (...values: ClassValue[]): string => clsx(values);
