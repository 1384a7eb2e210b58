/** Figures of the box as people read them. Pure. */

/** Hours, minutes and seconds, with the days before them from the first on. */
export function uptime(seconds: number, days: string): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  const time = `${two((seconds % 86_400) / 3600)}:${two((seconds % 3600) / 60)}:${two(seconds % 60)}`;
  return seconds >= 86_400 ? `${Math.floor(seconds / 86_400)} ${days} ${time}` : time;
}

export function addressLine(address: { address: string; prefix: number }): string {
  return `${address.address}/${address.prefix}`;
}

/** How full a disk is in whole percent: 100 only when nothing is left. */
export function filled(disk: { total_bytes: number; free_bytes: number }): number {
  return disk.total_bytes > 0 ? Math.floor((100 * (disk.total_bytes - disk.free_bytes)) / disk.total_bytes) : 0;
}
