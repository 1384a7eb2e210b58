"""The family of board drivers: what brings sound, voltage and signalling of analog lines and E1 trunks to the box.

It knows nothing of recording, and imports nothing of the appliance. To add a driver: one file with a class that is a
`Board` (`board.py`), and its tagged struct in `appliance/settings/boards.py`.
"""
