"""A slow machine takes its time: what a page is to show is waited for longer than the five seconds of Playwright."""

from playwright.sync_api import expect

expect.set_options(timeout=60_000)
