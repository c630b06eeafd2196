"""The web application, over a real server and real parts."""
