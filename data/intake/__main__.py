"""`python -m data.intake`: the process that reads untrusted files."""

from data.intake.child import main

main()
