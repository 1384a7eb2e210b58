//! Where packets come from: capture files and the AF_PACKET ring.
#![deny(unsafe_code)]
