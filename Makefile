# For fingers that type make: each verb is ./dev's own.
VERBS = setup demo test check fix bench coverage clean lock help
.DEFAULT_GOAL = help
.PHONY: $(VERBS)
$(VERBS):
	@./dev $@
